"""ONNX files: the graph, and each kind as operators."""
