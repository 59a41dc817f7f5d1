# mypy: disable-error-code="no-untyped-call"
"""Whoosh's files read where the system maps them: Whoosh itself copies the whole index into each of its searchers."""

import mmap
import os
import sys
from array import array
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

_AHEAD = 512  # bytes offered to the reader of a pickle, which are most often enough
_SEGMENT = ".seg"


class _Cursor:
    """A binary file over memory that is not copied."""

    def __init__(self, memory: memoryview) -> None:
        self._memory = memory
        self._at = 0

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes, all of them without a size."""
        begin = self._at
        end = len(self._memory) if size is None or size < 0 else min(begin + size, len(self._memory))
        self._at = max(begin, end)
        return bytes(self._memory[begin:end])

    def peek(self, size: int = 0) -> bytes:
        """Return some of the next bytes without moving on."""
        return bytes(self._memory[self._at : self._at + min(size, _AHEAD)])

    def readline(self) -> bytes:
        """Return the bytes up to and with the next line feed."""
        begin = self._at
        while (chunk := self.peek(_AHEAD)) and b"\n" not in chunk:
            self._at += len(chunk)
        self._at += chunk.find(b"\n") + 1
        return bytes(self._memory[begin : self._at])

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        """Move as files do."""
        self._at = position + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._memory)}[whence]
        return self._at

    def tell(self) -> int:
        """Return where reading goes on."""
        return self._at


class _Mapped(StructFile):
    """A part of a mapped file; the mapping ends when its last part is forgotten."""

    def __init__(self, memory: memoryview, name: str | None = None) -> None:
        super().__init__(_Cursor(memory), name=name)
        self._memory = memory

    def subset(self, offset: int, length: int, name: str | None = None) -> "_Mapped":
        """Return a part of this part."""
        return _Mapped(self._memory[offset : offset + length], name or self._name)

    def get(self, position: int, length: int) -> bytes:
        """Return bytes from a position; reading goes on where it was."""
        return bytes(self._memory[position : position + length])

    def get_array(self, position: int, typecode: str, length: int) -> "array[Any]":
        """Return numbers from a position."""
        found: array[Any] = array(typecode)
        found.frombytes(self._memory[position : position + length * found.itemsize])
        if sys.byteorder == "little":
            found.byteswap()
        return found


class MappedFolder(FileStorage):
    """The folder of an index, whose segments are read in place."""

    def __init__(self, path: str) -> None:
        super().__init__(path, supports_mmap=False)

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Open a file for reading, mapped when it is a segment."""
        if not name.endswith(_SEGMENT):
            plain: StructFile = super().open_file(name, **options)
            return plain
        with (Path(self.folder) / name).open("rb") as file:
            return _Mapped(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), name)
