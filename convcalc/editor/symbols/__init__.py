"""What a text defines, and every place that names it."""
