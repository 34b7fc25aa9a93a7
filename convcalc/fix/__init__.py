"""Repairs of a spec: the smallest edits that make it come out, each proved by the engine."""
