"""Reads a Stack Exchange data dump: eight XML files of one community."""

from .reading import MalformedDumpError
from .run import NotADumpError, import_stackexchange
from .summary import Summary

__all__ = ["MalformedDumpError", "NotADumpError", "Summary", "import_stackexchange"]
