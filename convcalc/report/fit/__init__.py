"""What `fit` shows: the largest batch."""
