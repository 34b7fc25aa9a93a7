"""Run a net and hold what happens against what the analysis predicted.

The arrays are the backend's (`convcalc.backend`); this room knows networks, plans and numbers, and
imports the backend only when a run starts.
"""
