"""Lists that come in pages: asked for until a page is empty, whatever the desk says of their number."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bridge.desks.contract import DeskRefusedError

from .paths import read_path
from .templates import Values, written
from .wire import Reply, Request, Wire

MOST_PAGES = 200


def pages(wire: Wire, part: Request, values: Values) -> Iterator[tuple[list[Any], Reply]]:
    """The entries page by page. Ends at an empty page or one seen before.

    Raises `DeskRefusedError` after `most` pages: half a list would look like a whole one.
    """
    paging = part.get("paging", {})
    request, more, seen = part, _first(paging), set[str]()
    for number in range(paging.get("most", MOST_PAGES) if paging else 1):
        reply = wire.ask(request, values, more)
        entries = read_path(part["items"]).all(reply.document)
        mark = written([str(entry) for entry in entries])
        if not entries or mark in seen:
            return
        seen.add(mark)
        yield (entries[::-1] if part.get("reversed") else entries), reply
        if paging.get("kind") in ("next", "cursor"):
            following = read_path(paging["next"]).one(reply.document)
            if not following:
                return
            request, more = _after(part, paging, written(following))
        elif paging:
            more = _counted(paging, number + 1)
    if paging:
        most = paging.get("most", MOST_PAGES)
        raise DeskRefusedError(f"the list at {part['path']} has more pages than the {most} allowed")


def _first(paging: Request) -> list[tuple[str, str]]:
    return _counted(paging, 0) if paging.get("kind") in ("page", "offset") else _size(paging)


def _size(paging: Request) -> list[tuple[str, str]]:
    return [(paging["size_parameter"], str(paging["size"]))] if {"size", "size_parameter"} <= paging.keys() else []


def _counted(paging: Request, number: int) -> list[tuple[str, str]]:
    step = paging["size"] if paging["kind"] == "offset" else 1
    first = paging.get("first", 0 if paging["kind"] == "offset" else 1)
    return [*_size(paging), (paging["parameter"], str(first + number * step))]


def _after(part: Request, paging: Request, following: str) -> tuple[Request, list[tuple[str, str]]]:
    if paging["kind"] == "cursor":
        return part, [*_size(paging), (paging["parameter"], following)]
    # The address may carry the desk's inner host name; only its query is used, on the path that we know.
    return {key: value for key, value in part.items() if key != "query"}, parse_qsl(urlsplit(following).query)
