"""What other tools count: the reconciliation table and its columns."""
