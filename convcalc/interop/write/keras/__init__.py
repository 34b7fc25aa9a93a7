"""Keras code: layers, functions that build blocks, loops over equal calls."""
