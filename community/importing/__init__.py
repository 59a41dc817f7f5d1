"""Bringing whole communities in from other places, each source in a folder of its own."""

from . import handlers, models

__all__ = ["handlers", "models"]
