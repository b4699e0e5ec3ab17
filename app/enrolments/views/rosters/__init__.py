"""The screens of the rosters: of a journey and of a sitting."""
