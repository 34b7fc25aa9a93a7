"""What `explain` shows: a layer, a term, a code."""
