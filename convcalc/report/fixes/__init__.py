"""What `check --fix` shows: repairs."""
