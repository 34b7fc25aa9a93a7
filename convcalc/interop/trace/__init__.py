"""A program of tensor operations, what ONNX and PyTorch files hold, and its way to layers.

`tensors` holds the operations, `shapes` sizes them, `patterns` recognises layers that were written
out, `lower` makes convcalc's layers of them.
"""
