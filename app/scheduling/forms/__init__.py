"""Forms about sessions and their sittings."""
