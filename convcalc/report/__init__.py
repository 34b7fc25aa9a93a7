"""Renderers: what is known of a net as text, JSON and other formats; one folder a subject."""
