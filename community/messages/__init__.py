"""Messages between a few people, read by nobody else, and blocking direct contact."""
