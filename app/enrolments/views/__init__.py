"""Enrolling, places, interest in undated sessions, and My learning; one module per group of screens."""
