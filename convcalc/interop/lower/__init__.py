"""A trace to layers: layouts are followed, every operation becomes a layer or is refused."""
