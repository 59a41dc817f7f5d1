"""News that appears at a set time."""
