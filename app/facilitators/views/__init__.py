"""The pages of facilitators, and what they say of themselves."""
