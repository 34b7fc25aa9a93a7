"""Keras 3 models as JSON, alone or in a .keras archive. Keras is not imported, nothing is run."""
