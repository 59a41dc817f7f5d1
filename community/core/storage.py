"""Where uploaded files are kept: a folder, or a bucket that several machines share."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from werkzeug.utils import import_string

_KEY = re.compile(r"[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*")
_KEY_LIMIT = 300  # characters
_BUCKETS = "community.core.storage_s3.S3Storage"  # by name: its library takes 10 MB of each process


class FileMissing(LookupError):  # noqa: N818 - says what happened
    """No file is kept under the key asked for."""


class StorageError(Exception):
    """The storage cannot be reached, is full, or refuses us."""


class Storage(Protocol):
    """Bytes under keys such as `2026/11/3f2a.png`."""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep `data` under `key`, replacing what was there. Raises `StorageError`."""

    def get(self, key: str) -> bytes:
        """The bytes under `key`. Raises `FileMissing` or `StorageError`."""
        ...

    def delete(self, key: str) -> None:
        """Forget `key`; a missing one is no error. Raises `StorageError`."""

    def check(self) -> None:
        """Raise `StorageError` when files could not be kept now."""


class LocalStorage:
    """Files in a folder of this machine; the content type is the caller's to remember."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Write `data` so that a reader sees the old file or the new one, never half of it."""
        target = self._path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, data)
        except OSError as error:
            raise StorageError(f"{key} could not be written: {error.strerror}") from error

    def get(self, key: str) -> bytes:
        """The bytes under `key`."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise FileMissing(key) from error
        except OSError as error:
            raise StorageError(f"{key} could not be read: {error.strerror}") from error

    def delete(self, key: str) -> None:
        """Remove the file under `key` if there is one."""
        try:
            self._path(key).unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise StorageError(f"{key} could not be deleted: {error.strerror}") from error

    def check(self) -> None:
        """Write and remove a small file."""
        self.put("check", b"ok", "text/plain")
        self.delete("check")

    def _path(self, key: str) -> Path:
        return self.folder / valid_key(key)


def storage_from_url(url: str, folder: str | Path) -> Storage:
    """The storage that `url` names: `s3://bucket/prefix?endpoint=...&region=...`, or `folder` when empty.

    Raises `ValueError` for any other scheme or a missing bucket.
    """
    if not url:
        return LocalStorage(folder)
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("STORAGE_URL must look like s3://bucket/prefix?endpoint=https://...&region=...")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = options.keys() - {"endpoint", "region"}
    if unknown:
        raise ValueError(f"STORAGE_URL has unknown options: {', '.join(sorted(unknown))}")
    bucket: Callable[..., Storage] = import_string(_BUCKETS)
    return bucket(parts.netloc, parts.path.strip("/"), options.get("endpoint"), options.get("region"))


def valid_key(key: str) -> str:
    """The key itself. Raises `ValueError` for one that could leave the storage or is longer than 300 characters."""
    if len(key) > _KEY_LIMIT or not _KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key[:80]!r}")
    return key


def _write_whole(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
