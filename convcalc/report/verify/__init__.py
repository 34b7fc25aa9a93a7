"""What `verify` shows: a run beside its prediction."""
