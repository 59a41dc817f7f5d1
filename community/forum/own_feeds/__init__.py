"""Feeds of one's own, for programs that cannot sign in."""
