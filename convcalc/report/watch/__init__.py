"""What `watch` shows: the last good view beside a fault, and what the last save changed."""
