"""Every right in one table: what each level, an appointment, and the provider's people may do.

Each row asks what the code itself asks: declared permissions through `Actor.can`, the rest through the functions and
numbers that the features use. Levels belong to the package that keeps them; it says what they are called and what is
missing by `app.extensions["isthmus.level_steps"]`, a function of a member's id. Packages add rows of their own with
`register_right`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from sqlalchemy import func, select

from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.policies import Actor, Role, permissions
from community.forum import standing
from community.forum.editing import windows
from community.forum.models import Kind, Post
from community.forum.policies import can_start
from community.forum.reactions.limits import MOST_HELPFUL, MOST_NOT_HELPFUL
from community.forum.tagging.policies import can_create as can_create_tag
from community.moderation.gates.holding import limits_on
from community.moderation.gates.pace import Written, pace_of
from community.moderation.rules import FLAG_BASE, SUPER_USER_LEVEL, flags_a_day
from community.moderation.standing import trust_at

from .said import SAID

FIRST_WRITTEN = Written(None, None, None, 0, 0)
LONG_WRITTEN = Written(datetime(2000, 1, 1, tzinfo=UTC), None, None, 0, 0)
SOMEWHERE = 1  # the space of the appointment that the table speaks of
Cell = bool | str


@dataclass(frozen=True)
class LevelStep:
    """A level as the package that keeps them says it: its name, what a member still needs, and whether it has standing.

    `missing` is "" where the member has reached it. Standing is what `forum.standing` asks for.
    """

    name: str
    missing: str
    has_standing: bool


@dataclass(frozen=True)
class Column:
    """Whom a column speaks of."""

    label: str
    actor: Actor
    level: int
    has_standing: bool


@dataclass(frozen=True)
class Right:
    """One row: what it is called, where it stands, and what each column gets: yes, no, or how much."""

    key: str
    label: LazyString
    group: str
    cell: Callable[[Column], Cell]


@dataclass(frozen=True)
class Row:
    """A right as a reader sees it."""

    label: str
    cells: Sequence[Cell]


GROUPS: dict[str, LazyString] = {
    "level": _l("What comes with time and with what helped others"),
    "appointment": _l("What super users may do in their spaces"),
    "provider": _l("What the provider's people may do"),
}
_rights: dict[str, Right] = {}


def register_right(key: str, label: LazyString, cell: Callable[[Column], Cell], group: str = "level") -> None:
    """Add a row to the table, or replace the one of that key."""
    _rights[key] = Right(key, label, group, cell)


def steps_of(member_id: int) -> Sequence[LevelStep]:
    """The levels, from the lowest, as they are for this member."""
    known: Callable[[int], Sequence[LevelStep]] = current_app.extensions.get("isthmus.level_steps", _by_weeks_and_posts)
    return known(member_id)


def columns(steps: Sequence[LevelStep]) -> list[Column]:
    """One for each level, then super users, agents and managers."""
    top = len(steps) - 1
    members = [
        Column(step.name, Actor(id=0, role=Role.MEMBER), number, step.has_standing) for number, step in enumerate(steps)
    ]
    leads = Actor(id=0, role=Role.MEMBER, super_user_in=frozenset({SOMEWHERE}))
    return [
        *members,
        Column(_("Super user"), leads, top, True),
        Column(_("Agent"), Actor(id=0, role=Role.AGENT), top, True),
        Column(_("Manager"), Actor(id=0, role=Role.MANAGER), top, True),
    ]


def own_column(actor: Actor, steps: Sequence[LevelStep]) -> int:
    """Which column speaks of the actor."""
    if actor.is_staff:
        return len(steps) + (1 if actor.role == Role.AGENT else 2)
    if actor.leads_in:
        return len(steps)
    return max(number for number, step in enumerate(steps) if not step.missing or number == 0)


def table(steps: Sequence[LevelStep]) -> list[tuple[str, list[Row]]]:
    """All rights by group."""
    heads = columns(steps)
    found: dict[str, list[Row]] = {key: [] for key in GROUPS}
    for right in [*_rights.values(), *_permission_rights()]:
        found[right.group].append(Row(str(right.label), [right.cell(head) for head in heads]))
    return [(str(GROUPS[key]), rows) for key, rows in found.items()]


def gained(steps: Sequence[LevelStep], number: int) -> list[str]:
    """What the level after this one opens or widens."""
    return [
        _("%(what)s: %(how)s", what=row.label, how=row.cells[number + 1])
        if isinstance(row.cells[number + 1], str)
        else row.label
        for _name, rows in table(steps)
        for row in rows
        if row.cells[number] != row.cells[number + 1]
    ]


def _permission_rights() -> list[Right]:
    made = []
    for name, permission in sorted(permissions.items()):
        group = "appointment" if Role.SUPER_USER in permission.roles else "provider"

        def cell(column: Column, wanted: str = name) -> Cell:
            return column.actor.can(permissions[wanted], space_id=SOMEWHERE)

        made.append(Right(name, SAID.get(name, _l("%(name)s", name=name)), group, cell))
    return made


def _window(column: Column) -> Cell:
    """How long one's own texts can be changed: the table at the head of `forum.editing.windows`."""
    if column.actor.is_staff or column.actor.leads_in:
        return _("always")
    if column.has_standing:
        return ngettext("%(num)s day", "%(num)s days", windows.OTHERS.days)
    hours = int(windows.NEWCOMERS.total_seconds()) // 3600
    return ngettext("%(num)s hour", "%(num)s hours", hours)


def _new_tag(column: Column) -> Cell:
    return can_create_tag(column.actor, known=column.has_standing)


def _a_day(number: int) -> str:
    return ngettext("%(num)s a day", "%(num)s a day", number)


def _pace(name: str, column: Column) -> Cell:
    """How much one may write: a number, two where the first day is another, or as much as one likes."""
    level = _level(column)
    if level >= SUPER_USER_LEVEL or not limits_on():
        return _("any number")
    first, later = (getattr(pace_of(level, written), name) for written in (FIRST_WRITTEN, LONG_WRITTEN))
    numbers = [str(number or _("any number")) for number in (first, later)]
    if first == later:
        return numbers[0]
    return _("%(first)s on the first day, then %(later)s", first=numbers[0], later=numbers[1])


def _level(column: Column) -> int:
    return trust_at(column.actor, SOMEWHERE, level=lambda: column.level)


register_right("ask", _l("Ask, discuss, propose ideas"), lambda column: can_start(column.actor, Kind.QUESTION))
register_right("reply", _l("Reply, thank, find posts helpful"), lambda column: column.actor.is_member)
register_right(
    "helpful", _l("Find posts of one person helpful"), lambda column: column.actor.is_member and _a_day(MOST_HELPFUL)
)
register_right("suggest", _l("Suggest a change to what others wrote"), lambda column: column.actor.is_member)
for _name, _label in (
    ("links", _l("Links in one post")),
    ("images", _l("Pictures in one post")),
    ("mentions", _l("People mentioned in one post")),
    ("threads_a_day", _l("Threads a day")),
    ("replies_a_day", _l("Replies a day")),
):
    register_right(_name, _label, partial(_pace, _name))
register_right("edit_own", _l("Change and take back what one wrote"), _window)
register_right(
    "not_helpful",
    _l("Find replies of one person not helpful"),
    lambda column: column.has_standing and _a_day(MOST_NOT_HELPFUL),
)
register_right("new_tag", _l("Give a tag that nobody gave before"), _new_tag)
register_right("flags", _l("Report something"), lambda column: _a_day(flags_a_day(_level(column))))
register_right("flag_weight", _l("What one report weighs, at first"), lambda column: f"{FLAG_BASE + _level(column):g}")
register_right("put_forward", _l("Nominate super users, and apply"), lambda column: column.has_standing)


def _by_weeks_and_posts(member_id: int) -> Sequence[LevelStep]:
    """Without levels there are two steps: new, and here for some weeks with some posts."""
    member = db.session.get(Member, member_id)
    posts = select(func.count(Post.id)).where(Post.author_id == member_id, Post.hidden_at.is_(None))
    missing = []
    days = standing.DAYS - (utcnow() - member.joined_at).days if member else standing.DAYS
    if days > 0:
        missing.append(ngettext("%(num)s day more", "%(num)s days more", days))
    lacking = standing.POSTS - (db.session.scalar(posts) or 0)
    if lacking > 0:
        missing.append(ngettext("%(num)s post more", "%(num)s posts more", lacking))
    return [LevelStep(_("new"), "", False), LevelStep(_("known here"), i18n.listed(missing), True)]
