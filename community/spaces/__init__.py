"""Spaces: the communities of one installation."""
