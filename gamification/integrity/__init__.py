"""Watching over votes: what looks arranged is put before a person, and nothing happens by itself."""
