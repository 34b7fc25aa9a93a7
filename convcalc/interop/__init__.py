"""The same net in other languages: readers, the writer of folded YAML, writers of code.

Every reader gives a `Flat` graph: convcalc's own layers with their inputs, sized by convcalc's own
window rule, each with the name of the node it came from. Everything else works on that.
"""
