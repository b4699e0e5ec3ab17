"""The floor: the same two pages as a bare Flask, SQLAlchemy and Jinja application reads and prints them."""
