"""Nets, and the rows of a sweep, as one HTML page that needs nothing else; the graph as SVG."""
