"""The graph itself: layers in order, edges, outputs, owners of weights. Knows no file format."""
