"""Bytes: what a network holds in inference and in training, and what a device will show."""
