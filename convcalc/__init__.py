"""convcalc: the shape-and-memory calculator for convolutional networks."""

__version__ = "0.1.0"
