"""What moderators do with whole threads: pin, move, split, merge, close as duplicate."""
