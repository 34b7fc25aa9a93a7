"""What other tools count on the same net: named conventions, each a file of data."""
