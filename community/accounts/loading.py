"""Finding out who makes a request: one statement for sign-in, member and standings."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import ScalarSelect, Select, String, bindparam, cast, func, or_, select
from sqlalchemy.orm import load_only

from community.core.app import login_manager
from community.core.db import UtcDateTime, db, utcnow
from community.core.policies import NOBODY, Actor, Role

from .models import SPACE_MEMBER, SUPER_USER, Grant, Member, SignIn, hash_token


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to load whoever holds a token."""
    login_manager.user_loader(actor_of_token)
    login_manager.anonymous_user = _nobody  # type: ignore[assignment] # a callable is all that is asked of it
    app.login_manager = login_manager  # type: ignore[attr-defined]


def _nobody() -> Actor:
    return NOBODY


def _spaces(kind: str) -> ScalarSelect[str]:
    return (
        select(func.aggregate_strings(cast(Grant.space_id, String), ","))
        .where(
            Grant.member_id == Member.id,
            Grant.kind == kind,
            or_(Grant.until.is_(None), Grant.until > bindparam("now", type_=UtcDateTime())),
        )
        .scalar_subquery()
    )


# What features above know of a member, each as text such as "read:3,start:3,group:7".
_known_above: list[ScalarSelect[str]] = []
_NAMES = {
    "group": "groups",
    "moderate": "moderates_in",
    "manage": "manages_in",
    "start": "starts_in",
    "reply": "replies_in",
}


def know_too(part: ScalarSelect[str]) -> None:
    """Have the statement find more rights of a `Member`: pairs of a right and an id, of a space or of a group.

    Rights are read, reply, start, moderate and manage in a space, each of which includes reading; and group.
    """
    _known_above.append(part)
    _people.cache_clear()
    _holder.cache_clear()


@cache
def _people() -> Select[*tuple[Any, ...]]:
    """Members with all that they may do."""
    return select(Member, _spaces(SUPER_USER), _spaces(SPACE_MEMBER), *_known_above)


@cache
def _holder() -> Select[*tuple[Any, ...]]:
    """Whoever holds a sign-in. Built once, for every page of somebody who is signed in begins with it."""
    return (
        _people()
        .join(SignIn, SignIn.member_id == Member.id)
        .where(
            SignIn.token_hash == bindparam("token_hash"),
            SignIn.ends_at > bindparam("now", type_=UtcDateTime()),
            Member.suspended_at.is_(None),
        )
        .options(
            load_only(
                Member.handle,
                Member.name,
                Member.avatar_key,
                Member.role,
                Member.language,
                Member.time_zone,
                Member.theme,
                Member.unread,
                Member.organisation_id,
                Member.silenced_until,
            )
        )
    )


def actor_of_token(token: str) -> Actor | None:
    """Who is signed in with this token, unless the sign-in ended or the member is suspended."""
    row = db.session.execute(_holder(), {"token_hash": hash_token(token), "now": utcnow()}).first()
    return _actor_in(row, token) if row else None


def _actor_in(row: Any, token: str = "") -> Actor:
    return actor_of(row[0], token=token, super_user_in=row[1], member_of=row[2], above=row[3:])


def actor_of(
    member: Member,
    *,
    token: str = "",
    super_user_in: str | None = "",
    member_of: str | None = "",
    above: Iterable[str | None] = (),
) -> Actor:
    """The frozen actor of a member."""
    known = _pairs(above)
    readable = frozenset().union(*(ids for right, ids in known.items() if right != "group"))
    return Actor(
        id=member.id,
        token=token,
        handle=member.handle,
        name=member.name,
        avatar_key=member.avatar_key,
        role=Role(member.role),
        super_user_in=_ids(super_user_in),
        member_of=_ids(member_of) | readable,
        language=member.language,
        time_zone=member.time_zone,
        theme=member.theme,
        unread=member.unread,
        organisation_id=member.organisation_id,
        silenced_until=member.silenced_until,
        **{name: frozenset(known[right]) for right, name in _NAMES.items() if right in known},
    )


def _pairs(texts: Iterable[str | None]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for pair in ",".join(filter(None, texts)).split(","):
        right, _, number = pair.partition(":")
        if number:
            found[right].add(int(number))
    return found


def _ids(joined: str | None) -> frozenset[int]:
    return frozenset(int(part) for part in (joined or "").split(",") if part)


def actor_for(member_id: int) -> Actor:
    """What a member may see, for mail and notifications made by jobs. Raises `NoResultFound` for an unknown id."""
    return _actor_in(db.session.execute(_people().where(Member.id == member_id), {"now": utcnow()}).one())


def actors_for(member_ids: Iterable[int]) -> list[Actor]:
    """What several members may see, in one statement; ids that nobody has are left out."""
    wanted = _people().where(Member.id.in_(sorted(set(member_ids))))
    return [_actor_in(row) for row in db.session.execute(wanted, {"now": utcnow()})]
