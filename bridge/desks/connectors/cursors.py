"""Where a poll stopped, as text."""

import json
import zlib
from typing import Any

from bridge.desks.contract import DeskRefusedError


def pack(**values: object) -> str:
    """A cursor with these values."""
    return json.dumps(values, separators=(",", ":"), sort_keys=True)


def unpack(cursor: str) -> dict[str, Any]:
    """Its values. Raises `DeskRefusedError` where it is not ours."""
    try:
        values = json.loads(cursor)
    except ValueError as error:
        raise DeskRefusedError(f"no cursor: {cursor[:80]}") from error
    if not isinstance(values, dict):
        raise DeskRefusedError(f"no cursor: {cursor[:80]}")
    return values


def digest(*values: object) -> str:
    """A short mark that changes when any of the values does."""
    return f"{zlib.crc32(json.dumps(values, sort_keys=True, default=str).encode()):08x}"
