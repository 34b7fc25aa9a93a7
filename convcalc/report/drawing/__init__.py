"""What all texts are made of: columns, colours, units; and JSON as all of it is written."""
