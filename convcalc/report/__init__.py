"""Renderers: an Analysis or findings to a string, one format a file."""
