"""The walk over a network: what every layer makes, costs and sees."""
