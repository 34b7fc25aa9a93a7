"""Repairs of a spec: the smallest edits that make it valid, each proved by the engine."""
