"""Tags: their pages, groups and synonyms, and who may give which."""
