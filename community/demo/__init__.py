"""The demo world: a lively community to look around in."""
