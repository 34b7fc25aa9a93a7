"""Working out what the file computes from shapes and constants: sizes to reshape and pad to.

numpy comes with the `onnx` package: numbers have the file's types, so that what a type cannot hold
wraps, is rounded or cut off as where the net runs. What two runtimes may make different numbers of
is not worked out, and a size that is made of it is refused as computed.
"""
