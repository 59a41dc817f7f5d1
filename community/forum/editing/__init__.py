"""Changes of one's own words, their windows and their history."""
