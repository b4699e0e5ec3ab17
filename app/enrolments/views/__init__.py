"""Enrolling, places, interest in undated sessions, and My learning; one module per group of screens."""

from app.enrolments.views.loading import offering_at as offering_at
