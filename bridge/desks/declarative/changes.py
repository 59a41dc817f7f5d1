"""What changed at a desk since a cursor: by time, by number, or by comparing a whole list with how it was."""

import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bridge.desks.contract import Changes, DeskRefusedError

from .description import Description
from .paging import pages
from .paths import read_path
from .reading import Reader, text_at
from .templates import written
from .times import ISO, back, write_time
from .wire import Request, Wire, desk_time

USUAL_OVERLAP = 120
State = Mapping[str, Any]


def changes_since(wire: Wire, reader: Reader, cursor: str) -> Changes:
    """Ids of changed queries, each once. Raises `DeskRefusedError` for a cursor that is not ours."""
    lists = wire.description.lists()
    before = _unpacked(cursor, len(lists)) if cursor else [{} for _ in lists]
    found: dict[str, None] = {}
    after = []
    for part, state in zip(lists, before, strict=True):
        try:
            ids, now = _List(wire, reader, part).since(state)
        except (KeyError, ValueError, TypeError) as error:
            raise DeskRefusedError(f"this cursor is not of this desk: {cursor[:80]}") from error
        found |= dict.fromkeys(ids)
        after.append(now)
    return Changes(tuple(found) if cursor else (), json.dumps(after, separators=(",", ":")))


def _unpacked(cursor: str, count: int) -> list[State]:
    try:
        states = json.loads(cursor)
    except ValueError:
        states = None
    if not isinstance(states, list) or len(states) != count or not all(isinstance(one, dict) for one in states):
        raise DeskRefusedError(f"this cursor is not of this desk: {cursor[:80]}")
    return states


class _List:
    """One list of a desk that shows changes."""

    def __init__(self, wire: Wire, reader: Reader, part: Request) -> None:
        self._wire, self._reader, self._part = wire, reader, part

    @property
    def _description(self) -> Description:
        return self._wire.description

    def since(self, state: State) -> tuple[list[str], State]:
        """Ids, and the state to go on from; an empty state begins now."""
        if "sequence" in self._part:
            return self._by_number(state)
        return self._by_time(state) if "at" in self._part else self._by_content(state)

    def _by_time(self, state: State) -> tuple[list[str], State]:
        """Entries of the overlap are known by what they held, so that none is told twice and none is left out."""
        last = datetime.fromisoformat(state["at"]) if state else self._desk_now()
        since = self._back(last)
        times = self._description.part("times")
        asked = write_time(since, times.get("ask", times.get("format", ISO)), self._reader.zone)
        marks: dict[str, tuple[str, datetime]] = {}
        for name, entry in self._entries(asked):
            told = [self._reader.time(one) for one in read_path(self._part["at"]).all(entry) if one]
            at = max(told, default=since)
            if at < since and self._part.get("newest_first"):
                break
            if at >= since and (name not in marks or at >= marks[name][1]):
                is_older = bool(self._part.get("newest_first")) and name in marks
                marks[name] = marks[name] if is_older else (_digest(entry), at)
        return self._compared(state, marks, last)

    def _compared(
        self, state: State, marks: Mapping[str, tuple[str, datetime]], last: datetime
    ) -> tuple[list[str], State]:
        seen = state.get("seen", {})
        ids = [name for name, (mark, _at) in marks.items() if seen.get(name) != mark]
        last = max([last, *(at for _mark, at in marks.values())])
        edge = self._back(last)
        kept = {name: mark for name, (mark, at) in marks.items() if at >= edge}
        return ids, {"at": last.isoformat(), "seen": kept}

    def _by_number(self, state: State) -> tuple[list[str], State]:
        if not state and "now" in self._part:
            _document, values = self._wire.step(self._part["now"], self._wire.values)
            return [], {"last": _number(values.known["since"]), "seen": {}}
        last = int(state.get("last", 0))
        since = max(0, last - self._part.get("overlap", 0))
        seen: dict[str, int] = {}
        for name, entry in self._entries(str(since)):
            number = _number(read_path(self._part["sequence"]).one(entry))
            if number <= since:
                if self._part.get("newest_first"):
                    break
                continue
            seen[name] = max(number, seen.get(name, 0))
            if not state and self._part.get("newest_first"):
                break
        known = state.get("seen", {})
        last = max([last, *seen.values()])
        edge = last - self._part.get("overlap", 0)
        kept = {name: number for name, number in seen.items() if number > edge}
        return [name for name, number in seen.items() if known.get(name) != number], {"last": last, "seen": kept}

    def _by_content(self, state: State) -> tuple[list[str], State]:
        """What is new in the list, what is not in it any more, and what looks otherwise."""
        known = state.get("seen", {})
        now = {name: _digest(entry) for name, entry in self._entries("")}
        return [name for name in {**known, **now} if known.get(name) != now.get(name)], {"seen": now}

    def _entries(self, since: str) -> Iterator[tuple[str, Any]]:
        for entries, _reply in pages(self._wire, self._part, self._wire.values.also(since=since)):
            for entry in entries:
                name = text_at(read_path(self._part["id"]), entry)
                if name:
                    yield name, entry

    def _back(self, time: datetime) -> datetime:
        return back(time, self._part.get("overlap", USUAL_OVERLAP))

    def _desk_now(self) -> datetime:
        """The desk's clock where it tells it, so that ours may go wrong."""
        reply = self._wire.ask(self._description.part("health"), self._wire.values)
        return (desk_time(reply.answer) or datetime.now(UTC)).astimezone(UTC)


def _digest(entry: object) -> str:
    return f"{zlib.crc32(json.dumps(entry, sort_keys=True).encode()):08x}"


def _number(value: object) -> int:
    text = written(value)
    if not (text.isascii() and text.isdigit()):
        raise DeskRefusedError(f"“{text}” is no number to count changes by")
    return int(text)
