"""The pages of journeys, and the organisers' desk; one module per group of screens."""
