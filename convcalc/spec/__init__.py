"""Reading a spec: bytes to a located tree to a Network; collects findings, never raises."""
