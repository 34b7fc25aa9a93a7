"""What a spec says of its blocks, for code: formulas, conditions, arguments, repeats."""
