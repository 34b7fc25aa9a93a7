"""The NumPy backend: the only package that imports numpy.

A kernel gets arrays (N, *spatial, C) and a layer's options, and nothing else: where its windows
start follows from the arrays (`placement`), never from the window rule that the prediction uses,
or their agreement would prove nothing. One family of kernels a file; `ops.NumPyOps` is the list.
"""
