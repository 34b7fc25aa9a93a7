"""Explanations: the arithmetic of one layer with its own numbers, and pages for words and codes."""
