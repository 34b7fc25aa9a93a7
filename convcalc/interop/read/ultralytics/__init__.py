"""Ultralytics model files: rows of [from, repeats, module, args], without attention."""
