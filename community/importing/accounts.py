"""Addresses for imported members, from an operator's list, so that their people can claim the accounts."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, select

from community.accounts import claiming
from community.accounts.models import Member
from community.core.db import db, transaction

from .models import ImportMap
from .stackexchange.convert import one_line
from .stackexchange.people import LONGEST_NAME

COLUMNS = ("id", "name", "email")
PEOPLE = ("user", "ghost")
LONGEST_ADDRESS = 254
AT_ONCE = 200


class NotAListError(Exception):
    """The file is no list of accounts; the message is one line for an operator."""


class UnusableLineError(Exception):
    """A line names nobody, more than one, or an address that cannot be attached; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One line of the list: an old id or a display name, or both, and the address."""

    line: int
    old_id: str
    name: str
    address: str


@dataclass
class Outcome:
    """What became of a list: how many addresses are new, how many were there, and what is wrong with which line."""

    attached: int = 0
    present: int = 0
    unusable: list[tuple[int, str]] = field(default_factory=list)


def attach_addresses(path: Path, *, source: str | None) -> Outcome:
    """Attach the addresses of a CSV file with the columns `email`, and `id` or `name`; `source` names one import.

    Commits after each 200 lines; running it again changes nothing. Raises NotAListError before the first line.
    Runs in an application context, outside any transaction.
    """
    outcome = Outcome()
    entries = list(_entries(path))
    for start in range(0, len(entries), AT_ONCE):
        with transaction():
            for entry in entries[start : start + AT_ONCE]:
                _attach(entry, source, outcome)
    return outcome


def _entries(path: Path) -> Iterator[Entry]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _read(stream)
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotAListError(f"{path} is not a CSV file in UTF-8: {error}") from error


def _read(stream: Iterable[str]) -> Iterator[Entry]:
    rows = csv.DictReader(stream, skipinitialspace=True)
    names = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    if "email" not in names or not {"id", "name"} & set(names):
        raise NotAListError("the first line must name the columns: email, and id or name (or both)")
    rows.fieldnames = names
    for row in rows:
        old_id, name, address = ((row.get(column) or "").strip() for column in COLUMNS)
        if old_id or name or address:
            yield Entry(rows.line_num, old_id, one_line(name, LONGEST_NAME), address)


def _attach(entry: Entry, source: str | None, outcome: Outcome) -> None:
    try:
        member = _person(entry, source)
        if claiming.attach(member, _address(entry), by_id=None):
            outcome.attached += 1
        else:
            outcome.present += 1
    except UnusableLineError as unusable:
        outcome.unusable.append((entry.line, str(unusable)))
    except claiming.AddressRefusedError as refused:
        outcome.unusable.append((entry.line, f"{entry.address}: {refused}"))


def _address(entry: Entry) -> str:
    try:
        address = validate_email(entry.address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise UnusableLineError(f"{entry.address or 'nothing'} is not an e-mail address: {error}") from error
    if len(address) > LONGEST_ADDRESS:
        raise UnusableLineError("the e-mail address is too long")
    return address


def _person(entry: Entry, source: str | None) -> Member:
    """The one imported member whom the line names."""
    found = list(db.session.scalars(_named(entry, source).limit(2)))
    what = f"the id {entry.old_id}" if entry.old_id else f"the name {entry.name}"
    if not entry.old_id and not entry.name:
        raise UnusableLineError("neither an id nor a name")
    if not found:
        raise UnusableLineError(f"no imported member has {what}")
    if len(found) > 1:
        advice = "say which import with --source" if entry.old_id else "use their ids"
        raise UnusableLineError(f"more than one imported member has {what}; {advice}")
    if entry.old_id and entry.name and found[0].name != entry.name:
        raise UnusableLineError(f"{what} is {found[0].name}, not {entry.name}")
    return found[0]


def _named(entry: Entry, source: str | None) -> Select[Member]:
    wanted = select(Member).join(ImportMap, ImportMap.new_id == Member.id).order_by(Member.id)
    if source is not None:
        wanted = wanted.where(ImportMap.source == source)
    if entry.old_id:
        return wanted.where(ImportMap.kind == "user", ImportMap.old_id == entry.old_id)
    return wanted.where(ImportMap.kind.in_(PEOPLE), Member.name == entry.name)


def sources() -> list[str]:
    """The names of the imports that brought members in."""
    rows = select(ImportMap.source).where(ImportMap.kind == "user").distinct().order_by(ImportMap.source)
    return list(db.session.scalars(rows))
