"""What `list` shows: the bundled nets, the layer kinds."""
