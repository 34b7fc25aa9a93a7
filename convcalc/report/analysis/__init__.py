"""What `analyze` shows: one net or several."""
