"""One network through the whole program: load, analyze, memory, expectations and budgets, advice.

The only place that puts these steps together. The command line, the Python interface and whatever
checks many networks at once ask it, so that all of them refuse the same nets in the same words.
"""
