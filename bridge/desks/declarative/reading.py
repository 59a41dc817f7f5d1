"""A query and its comments, read from a desk's answers by a description."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bridge.desks.connectors.files import type_of, words_for
from bridge.desks.connectors.texts import clean, from_html
from bridge.desks.contract import Comment, DeskStatus, DeskUnreachableError, RemoteFile, RemoteRef, Snapshot
from community.core.numbers import LARGEST_KEY, whole_number

from .description import Description
from .paths import Path, read_condition, read_path
from .templates import Values, written
from .times import NoTimeError, read_time


@dataclass(frozen=True)
class Entry:
    """Words at the desk as they were read, public or not; only public ones may become a `Comment`."""

    id: str
    at: datetime
    author: str
    text: str
    own: bool
    public: bool
    files: tuple[RemoteFile, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)  # where each file is, where the desk tells


class Reader:
    """Reads the answers of one desk."""

    def __init__(self, description: Description, values: Values, entered: Mapping[str, str]) -> None:
        self._description, self._values, self._entered = description, values, entered
        self._zone = values.text(description.part("times").get("zone", "UTC"))

    def time(self, value: object) -> datetime:
        """A time in UTC. Raises `DeskUnreachableError` where it is none."""
        try:
            return read_time(value, self._description.time_form, self._zone)
        except NoTimeError as error:
            raise DeskUnreachableError(f"{error}: see [times]") from error

    @property
    def zone(self) -> str:
        """The time zone of times without one."""
        return self._zone

    def our_ref(self, ticket: object, path: Path | None = None) -> str:
        """Our reference as the query carries it, or as an entry of a list does at `path`."""
        found = self._text(path or self._description.path("ticket", "ref"), ticket)
        opening, closing = self._description.part("ticket").get("ref_between", ("", ""))
        if not opening:
            return found
        _before, sign, after = found.rpartition(opening)
        return after.partition(closing)[0] if sign and closing in after else ""

    def ticket(self, remote_id: str, ticket: object, values: Values, comments: tuple[Comment, ...]) -> Snapshot:
        """The query, with its comments."""
        raw = self._raw(ticket)
        updated = self._description.path("ticket", "updated")
        times = [self.time(one) for one in (updated.all(ticket) if updated else []) if one]
        sequence = self._text(self._description.path("ticket", "sequence"), ticket)
        return Snapshot(
            ref=self.ref(remote_id, ticket, values),
            our_ref=self.our_ref(ticket),
            status=self.status(raw, ticket),
            raw_status=raw,
            comments=comments,
            assignee=self._person(self._text(self._description.path("ticket", "assignee"), ticket)),
            updated_at=max(times, default=None),
            sequence=whole_number(sequence, most=LARGEST_KEY) or 0,
        )

    def ref(self, remote_id: str, ticket: object, values: Values) -> RemoteRef:
        """Where the query is."""
        number = self._text(self._description.path("ticket", "number"), ticket) or remote_id
        url = self._description.part("ticket").get("url", "")
        return RemoteRef(remote_id, number, values.also(id=remote_id, number=number).text(url))

    def status(self, raw: str, ticket: object) -> DeskStatus:
        """What the desk's word means: first the administrator's map, then the file's rules, then its map."""
        part, rule = self._description.part("status"), self._rule(ticket)
        if raw in self._entered:
            return DeskStatus(self._entered[raw])
        return DeskStatus(rule["is"] if rule else part["read"].get(raw, part["otherwise"]))

    def _rule(self, ticket: object) -> Mapping[str, str]:
        """The first rule for a status that holds."""
        rules: list[Mapping[str, str]] = self._description.part("status").get("rules", [])
        return next((one for one in rules if read_condition(one["when"]).holds(ticket, self._values.known)), {})

    def _raw(self, ticket: object) -> str:
        word = self._text(self._description.path("ticket", "status"), ticket)
        return self._rule(ticket).get("word", word)

    def entry(self, found: object, values: Values) -> Entry:
        """One entry of the list of comments."""
        part = self._description.part("comments")
        text = self._text(read_path(part["text"]), found)
        if part.get("markup") == "html":
            text = from_html(text)
        author = self._text(self._description.path("comments", "author"), found)
        own = self._description.condition("comments", "own")
        return Entry(
            id=self._needed(read_path(part["id"]), found),
            at=self.time(self._needed(read_path(part["at"]), found)),
            author=self._person(author) or self._description.name,
            text=clean(text),
            own=own is not None and own.holds(found, values.known),
            public=read_condition(part["public"]).holds(found, values.known),
            **self._files(found),
        )

    def _files(self, entry: object) -> dict[str, Any]:
        """The files of an entry, and where they are."""
        items, place = self._description.path("files", "items"), self._description.path("files", "address")
        found = [one for one in (items.all(entry) if items else []) if one]
        kept = [self._file(one) for one in found]
        addresses = {file.id: self._text(place, one) for file, one in zip(kept, found, strict=True)}
        return {"files": tuple(kept), "addresses": addresses}

    def _file(self, found: object) -> RemoteFile:
        def text(key: str) -> str:
            return self._text(self._description.path("files", key), found)

        size, name = text("size"), text("name")
        number = self._needed(read_path(self._description.part("files")["id"]), found)
        octets = whole_number(size, most=LARGEST_KEY) or 0
        return RemoteFile(number, name or number, type_of(name, text("type")), octets)

    def _text(self, path: Path | None, answer: object) -> str:
        return "" if path is None else written(_plain(path.one(answer)))

    def _person(self, name: str) -> str:
        """How somebody is shown: the map `people`, where the file has one, turns the desk's names into better ones."""
        people = self._description.maps.get("people", {})
        return written(people.get(name, people.get("otherwise", name))) if name else ""

    def _needed(self, path: Path, answer: object) -> str:
        found = self._text(path, answer)
        if not found:
            raise DeskUnreachableError(f"an entry has no “{path.text}”")
        return found


def text_at(path: Path | None, answer: object) -> str:
    """The text or whole number at a place, as text; empty where there is none."""
    found = None if path is None else path.one(answer)
    return written(found) if isinstance(found, str | int) else ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else None


def as_comment(entry: Entry) -> Comment:
    """A public entry as a comment."""
    words = words_for(entry.text, entry.files)
    return Comment(entry.id, entry.at, entry.author, words, entry.own, entry.files)
