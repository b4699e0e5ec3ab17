"""The rosters: who is in a journey and in a sitting, found, decided about, written to and taken along."""
