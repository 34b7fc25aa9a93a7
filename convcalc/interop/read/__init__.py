"""Readers: one module a format, told apart by what a file contains."""
