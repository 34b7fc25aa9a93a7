"""The convolution demo of the CS231n notes: every number of the output, one after another."""
