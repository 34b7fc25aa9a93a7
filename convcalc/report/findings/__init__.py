"""What `check` shows: findings, in eight formats."""
