"""What somebody has read, and what is new on an open page."""
