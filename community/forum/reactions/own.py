"""What features above the forum want to know of a reader on a thread's page, found by the statement that is there."""

from typing import Any

from sqlalchemy import Select

Part = Select[*tuple[Any, ...]]

_parts: list[Part] = []


def find_too(*parts: Part) -> None:
    """Add selects of a name and a number, over the parameters `thread_id` and `member_id`. Called at import."""
    _parts.extend(parts)


def parts() -> tuple[Part, ...]:
    """All that were added."""
    return tuple(_parts)
