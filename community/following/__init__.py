"""What each person follows: threads, tags, spaces and people, each at a level."""
