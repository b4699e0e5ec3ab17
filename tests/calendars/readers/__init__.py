"""Independent readers of calendars, each giving what it understood in one plain form."""
