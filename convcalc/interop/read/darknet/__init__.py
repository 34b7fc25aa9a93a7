"""darknet's .cfg files: sections, and what each becomes."""
