"""What `diff --base` shows of several specs: one table for all that have changed."""
