"""What `sweep` shows: a row a variant."""
