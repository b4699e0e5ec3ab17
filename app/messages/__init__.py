"""See wiring.py for how this slice joins the application."""
