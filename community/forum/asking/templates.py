"""What a space asks for with each kind of thread: fields that its super users name, and what was typed into them."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, db, utcnow
from community.core.policies import Actor, Role, declare
from community.spaces.models import Space

from ..models import Kind, Thread

SHAPE = declare("forum.shape_templates", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
MOST_FIELDS = 15
LONGEST_LABEL, LONGEST_HINT, LONGEST_LINE, LONGEST_TEXT, LONGEST_CHOICE, MOST_CHOICES = 80, 200, 160, 2000, 80, 30


class Look(StrEnum):
    """What is typed into a field: a line, several lines, one of a few values, a version."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    VERSION = "version"


@dataclass(frozen=True)
class AskedField:
    """One thing that is asked for. `key` stays when its label changes."""

    key: str
    label: str
    hint: str = ""
    look: str = Look.LINE.value
    required: bool = False
    choices: tuple[str, ...] = ()


class ThreadTemplate(Base):
    """The fields that a space asks for with threads of a kind, in their order."""

    __tablename__ = "thread_template"

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(14), primary_key=True)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)


def can_shape(actor: Actor, space: Space) -> bool:
    """Super users of the space and staff say what it asks for."""
    return actor.can(SHAPE, space_id=space.id)


def new_key() -> str:
    """A key for a field that has none."""
    return secrets.token_hex(4)


def fields_of(space_id: int, kind: str) -> list[AskedField]:
    """What the space asks for with threads of this kind."""
    found = select(ThreadTemplate.fields).where(ThreadTemplate.space_id == space_id, ThreadTemplate.kind == kind)
    return _typed(db.session.scalar(found) or ())


def fields_by_kind(space_id: int) -> dict[str, list[AskedField]]:
    """What the space asks for with each kind of thread."""
    rows = db.session.scalars(select(ThreadTemplate).where(ThreadTemplate.space_id == space_id))
    found = {row.kind: _typed(row.fields) for row in rows}
    return {kind.value: found.get(kind.value, []) for kind in Kind}


def _typed(rows: Iterable[Mapping[str, Any]]) -> list[AskedField]:
    return [AskedField(**{**row, "choices": tuple(row["choices"])}) for row in rows]


def set_fields(space: Space, kind: str, fields: Sequence[AskedField], *, by_id: int) -> None:
    """Ask for these fields from now on; threads keep what was typed into others. Without fields nothing is asked."""
    if not fields:
        same = (ThreadTemplate.space_id == space.id, ThreadTemplate.kind == kind)
        db.session.execute(delete(ThreadTemplate).where(*same))
        return
    rows = [{**asdict(field), "choices": list(field.choices)} for field in fields]
    template = ThreadTemplate(space_id=space.id, kind=kind, fields=rows, by_id=by_id, changed_at=utcnow())
    db.session.merge(template)


def asked_again(thread: Thread) -> list[AskedField]:
    """The fields for an edit: those that the space asks for now, then what else was given."""
    fields = fields_of(thread.space_id, thread.kind)
    known = {field.key for field in fields}
    others = [given for given in thread.fields if given["key"] not in known]
    return [*fields, *(AskedField(given["key"], given["label"], look=_look_of(given)) for given in others)]


def _look_of(given: Mapping[str, str]) -> str:
    return Look.TEXT.value if given["look"] == Look.TEXT else Look.LINE.value


def as_text(fields: Iterable[Mapping[str, str]]) -> str:
    """What was given, a line each; for comparing, for searching, and for whoever reads the author's words."""
    return "\n".join(f"{given['label']}: {given['value']}" for given in fields)
