"""The rows of a sweep, read back from a file: as a page, or their front as a picture."""
