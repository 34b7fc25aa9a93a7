"""Readers: one module a format, recognized by what a file contains."""
