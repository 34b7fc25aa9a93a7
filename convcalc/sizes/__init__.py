"""Input sizes: which a net takes exactly, under its rounding, or not at all, and who says no."""
