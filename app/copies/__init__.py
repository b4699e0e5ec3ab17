"""A journey as the copy of another: everything but people."""
