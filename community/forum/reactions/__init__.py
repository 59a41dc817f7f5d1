"""What readers do without writing: vote, thank, keep, have it too, answer a poll."""
