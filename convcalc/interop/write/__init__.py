"""Writers: a network as code of PyTorch and Keras, and as an ONNX file."""
