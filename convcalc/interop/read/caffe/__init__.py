"""Caffe prototxt files, both dialects: protobuf's text format, and layers by a table."""
