"""A layer in PyTorch's words, one family a file. Volumes there are channels first: C x H x W."""
