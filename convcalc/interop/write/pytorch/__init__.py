"""PyTorch code: layers, bodies of classes, loops over equal calls, a class a block."""
