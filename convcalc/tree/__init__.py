"""YAML as a located tree: bounded, every key and value with its place. Knows no nets."""
