"""PyTorch archives of torch.export (.pt2): the graph as JSON, an ATen operator a handler."""
