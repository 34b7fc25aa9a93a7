"""One output of a layer as the NumPy statement that makes it: a table of kinds, a file a family."""
