"""Who acts, what a role may do, and what each route declares. Predicates of the features stand on this."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as WsgiResponse

from .addresses import address


class Role(StrEnum):
    """What a person is in the whole installation; super users are appointed for a space."""

    MEMBER = "member"
    SUPER_USER = "super_user"
    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"

    __hash__ = str.__hash__  # that of `Enum` is written in Python, and each question about a right asks it


STAFF = frozenset({Role.AGENT, Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True)
class Permission:
    """A named right and the roles that hold it. A super user holds it within the space of the appointment.

    With `by_space` those hold it, too, within a space, whose group manages that space.
    """

    name: str
    roles: frozenset[Role]
    by_space: bool = False


permissions: dict[str, Permission] = {}


def declare(name: str, *roles: Role, by_space: bool = False) -> Permission:
    """Name a right and who holds it; admins hold every one. Raises `ValueError` for a name taken already."""
    known = permissions.get(name)
    made = Permission(name, frozenset(roles) | {Role.ADMIN}, by_space)
    if known is not None and known != made:
        raise ValueError(f"permission {name} is declared twice")
    permissions[name] = made
    return made


@dataclass(frozen=True)
class Actor:
    """Whoever makes the present request. Frozen: what it may do is settled when the request begins."""

    id: int | None = None
    token: str = ""
    handle: str = ""
    name: str = ""
    avatar_key: str = ""
    role: Role | None = None
    super_user_in: frozenset[int] = field(default_factory=frozenset)
    member_of: frozenset[int] = field(default_factory=frozenset)
    # What groups bring along: their ids, and the spaces in which one moderates, manages, begins threads and replies.
    groups: frozenset[int] = field(default_factory=frozenset)
    moderates_in: frozenset[int] = field(default_factory=frozenset)
    manages_in: frozenset[int] = field(default_factory=frozenset)
    starts_in: frozenset[int] = field(default_factory=frozenset)
    replies_in: frozenset[int] = field(default_factory=frozenset)
    organisation_id: int | None = None
    silenced_until: datetime | None = None
    language: str = ""
    time_zone: str = ""
    theme: str = ""
    unread: int = 0

    @property
    def is_member(self) -> bool:
        """Whether somebody is signed in."""
        return self.id is not None

    @property
    def is_staff(self) -> bool:
        """Whether this is one of the provider's people."""
        return self.role in STAFF

    @cached_property
    def leads_in(self) -> frozenset[int]:
        """The spaces in which one moderates: as a super user, or because a group of one's own does."""
        return self.super_user_in | self.moderates_in

    def can(self, permission: Permission, *, space_id: int | None = None) -> bool:
        """Whether the right is held, within `space_id` where one is given."""
        if self.role in permission.roles:
            return True
        if permission.by_space and space_id in self.manages_in:
            return True
        return Role.SUPER_USER in permission.roles and space_id in self.leads_in

    def can_somewhere(self, permission: Permission) -> bool:
        """Whether the right is held in at least one space."""
        if self.role in permission.roles or (permission.by_space and self.manages_in):
            return True
        return Role.SUPER_USER in permission.roles and bool(self.leads_in)

    # What Flask-Login asks of a user.
    @property
    def is_authenticated(self) -> bool:
        """Flask-Login's name for `is_member`."""
        return self.is_member

    @property
    def is_active(self) -> bool:
        """Suspended people are never loaded, so whoever is here is active."""
        return self.is_member

    @property
    def is_anonymous(self) -> bool:
        """Flask-Login's name for nobody being signed in."""
        return not self.is_member

    def get_id(self) -> str:
        """The sign-in's token, never the member's id: a sign-in can be ended, an id cannot."""
        return self.token

    @property
    def role_kind(self) -> str:
        """How the person is drawn: staff square, super users ringed, members round."""
        if self.is_staff:
            return "staff"
        return "super_user" if self.super_user_in else "member"

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)

    @property
    def avatar_url(self) -> str | None:
        """Where the uploaded picture is, if there is one."""
        return avatar_url(self.avatar_key)


NOBODY = Actor()


def initials(name: str) -> str:
    """First letters of first and last word; for a Chinese name its last two characters."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E80:
        return words[0][-2:]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def avatar_url(key: str) -> str | None:
    """Address of an uploaded avatar."""
    return address("files.avatar", key=key) if key else None


@dataclass(frozen=True)
class Access:
    """What a route declares: `public`, `member`, or a permission held somewhere."""

    kind: str
    permission: Permission | None = None


View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody may ask; what they get is still read through the actor."""
    view.access = Access("public")  # type: ignore[attr-defined]
    return view


def member_required(view: View) -> View:
    """Only people who are signed in."""
    view.access = Access("member")  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people who hold the right somewhere; the view asks again for the thing at hand."""

    def mark(view: View) -> View:
        view.access = Access("permission", permission)  # type: ignore[attr-defined]
        return view

    return mark


def actor() -> Actor:
    """Whoever makes the present request; nobody in particular outside of one."""
    held = g._get_current_object()  # asked for by every link and time of a page, and each look through a proxy costs
    who: Actor | None = held.get("actor")
    if who is None:
        found = current_user._get_current_object() if current_user else None
        who = held.actor = found if isinstance(found, Actor) else NOBODY
    return who


def allow(answer: bool) -> None:
    """Refuse the request unless the predicate said yes. What may not be done looks as if it were not there."""
    if not answer:
        abort(404)


def init_app(app: Flask) -> None:
    """Check each route's declared access before its view runs."""
    app.before_request(_check_access)


def _check_access() -> WsgiResponse | None:
    view = current_app.view_functions.get(request.endpoint or "")
    access = getattr(view, "access", None)
    if view is None:
        return None
    if access is None:
        abort(404)
    if access.kind == "public":
        return None
    if not actor().is_member:
        wanted = (request.full_path if request.query_string else request.path) if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in", next=wanted))
    if access.permission is not None and not actor().can_somewhere(access.permission):
        abort(404)
    return None
