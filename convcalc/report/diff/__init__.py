"""What `diff` shows: two nets side by side."""
