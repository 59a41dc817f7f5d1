"""Agreements between the provider, a super user, and whoever lends the time."""
