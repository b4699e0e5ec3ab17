"""Planning on the desk; one module per group of screens."""
