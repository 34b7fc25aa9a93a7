"""ONNX files: protobuf to plain records, nodes to operations, a handler an operator."""
