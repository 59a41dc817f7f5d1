"""Reading what the demo tells, and finding whom and what it tells of."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from community import public
from community.public import ThreadSnapshot

Told = Mapping[str, Any]
Thread = ThreadSnapshot


def read(name: str) -> Told:
    """One of the demo's TOML files."""
    with files("bridge.demo").joinpath(name).open("rb") as source:
        return tomllib.load(source)


def opened(rows: Mapping[str, int]) -> dict[str, Thread]:
    """The threads by their keys, those that are there."""
    found = public.thread_snapshots(rows.values())
    return {key: found[thread_id] for key, thread_id in rows.items() if thread_id in found}


def spaces_of(threads: Iterable[Thread]) -> dict[str, int]:
    """Ids of the spaces in which the threads stand, by their short names."""
    return {thread.space.slug: thread.space.id for thread in threads}


def member(handle: str) -> int:
    """The id of a member. Raises `LookupError` where there is none of that name."""
    found = public.member_id_of(handle)
    if found is None:
        raise LookupError(f"there is no member {handle}")
    return found
