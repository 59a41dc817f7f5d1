"""Builders of things that tests need; each goes through the product's own operations."""

from collections.abc import Iterable
from functools import cache
from itertools import count

from community.accounts.models import SPACE_MEMBER, SUPER_USER, Grant, Member
from community.accounts.operations import hash_password
from community.core.db import db, utcnow
from community.core.policies import Role
from community.forum import operations
from community.forum.models import Post, Thread
from community.spaces.models import Space

PASSWORD = "correct horse battery"
_numbers = count(1)


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def a_member(
    handle: str = "",
    *,
    role: str = Role.MEMBER,
    name: str = "",
    email: str = "",
    super_user_in: Iterable[Space] = (),
    member_of: Iterable[Space] = (),
    language: str = "",
) -> Member:
    handle = handle or f"member{next(_numbers)}"
    member = Member(
        handle=handle,
        name=name or handle.replace("-", " ").title(),
        email=email or f"{handle}@example.org",
        role=str(role),
        language=language,
        password_hash=_hash(),
        email_confirmed_at=utcnow(),
    )
    db.session.add(member)
    db.session.flush()
    for kind, spaces in ((SUPER_USER, super_user_in), (SPACE_MEMBER, member_of)):
        db.session.add_all(Grant(member_id=member.id, space_id=space.id, kind=kind) for space in spaces)
    db.session.flush()
    return member


def a_space(slug: str = "", *, visibility: str = "open", name: str = "", language: str = "en") -> Space:
    slug = slug or f"space-{next(_numbers)}"
    space = Space(slug=slug, name=name or slug.replace("-", " ").title(), visibility=visibility, language=language)
    db.session.add(space)
    db.session.flush()
    return space


def a_thread(
    space: Space | None = None,
    author: Member | None = None,
    *,
    title: str = "VPN drops when the lid is closed",
    body: str = "When I open the lid again the VPN says reconnecting and never comes back.",
    kind: str = "question",
    tags: Iterable[str] = (),
) -> Thread:
    return operations.start_thread(
        space=space or a_space(),
        author_id=(author or a_member()).id,
        kind=kind,
        title=title,
        body=body,
        tags=tags,
    )


def a_reply(
    thread: Thread,
    author: Member | None = None,
    body: str = "Install client 5.1.4 and switch always-on reconnect off.",
) -> Post:
    return operations.reply(thread, author_id=(author or a_member()).id, body=body)
