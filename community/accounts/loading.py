"""Finding out who makes a request: one statement for sign-in, member and standings."""

from collections.abc import Iterable

from flask import Flask
from sqlalchemy import ScalarSelect, String, bindparam, cast, func, or_, select
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


# Built once, for every page of somebody who is signed in begins with it.
_HOLDER = (
    select(Member, _spaces(SUPER_USER), _spaces(SPACE_MEMBER))
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
        )
    )
)


def actor_of_token(token: str) -> Actor | None:
    """Who is signed in with this token, unless the sign-in ended or the member is suspended."""
    row = db.session.execute(_HOLDER, {"token_hash": hash_token(token), "now": utcnow()}).first()
    return actor_of(row[0], token=token, super_user_in=row[1], member_of=row[2]) if row else None


def actor_of(member: Member, *, token: str = "", super_user_in: str | None = "", member_of: str | None = "") -> Actor:
    """The frozen actor of a member."""
    return Actor(
        id=member.id,
        token=token,
        handle=member.handle,
        name=member.name,
        avatar_key=member.avatar_key,
        role=Role(member.role),
        super_user_in=_ids(super_user_in),
        member_of=_ids(member_of),
        language=member.language,
        time_zone=member.time_zone,
        theme=member.theme,
        unread=member.unread,
        organisation_id=member.organisation_id,
    )


def _ids(joined: str | None) -> frozenset[int]:
    return frozenset(int(part) for part in (joined or "").split(",") if part)


def actor_for(member_id: int) -> Actor:
    """What a member may see, for mail and notifications made by jobs. Raises `NoResultFound` for an unknown id."""
    row = db.session.execute(
        select(Member, _spaces(SUPER_USER), _spaces(SPACE_MEMBER)).where(Member.id == member_id), {"now": utcnow()}
    ).one()
    return actor_of(row[0], super_user_in=row[1], member_of=row[2])


def actors_for(member_ids: Iterable[int]) -> list[Actor]:
    """What several members may see, in one statement; ids that nobody has are left out."""
    wanted = select(Member, _spaces(SUPER_USER), _spaces(SPACE_MEMBER)).where(Member.id.in_(sorted(set(member_ids))))
    rows = db.session.execute(wanted, {"now": utcnow()})
    return [actor_of(row[0], super_user_in=row[1], member_of=row[2]) for row in rows]
