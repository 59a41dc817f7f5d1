"""Profiles: what they show, how they change, and who is listed."""

import secrets
from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from community.core import events
from community.core.db import db
from community.core.images import UploadRefused, thumbnail
from community.core.markup import render
from community.core.paging import Page, page_number
from community.core.policies import STAFF, Actor
from community.core.storage import Storage

from .events import ProfileChanged
from .forms import PreferencesForm, refuse
from .models import SUPER_USER, Grant, Member

PEOPLE_A_PAGE = 40
AVATAR_PIXELS = 192
AVATAR_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True)
class ProfileView:
    """What the profile page needs beside the member."""

    role_kind: str
    super_user_in: tuple[int, ...]
    own: bool


def role_kind(member: Member) -> str:
    """How a person is drawn: staff square, super users ringed."""
    if member.is_staff:
        return "staff"
    return "super_user" if any(grant.kind == SUPER_USER for grant in member.grants) else "member"


def view_of(member: Member, actor: Actor) -> ProfileView:
    """A profile as the actor sees it."""
    spaces = tuple(grant.space_id for grant in member.grants if grant.kind == SUPER_USER)
    return ProfileView(role_kind(member), spaces, own=actor.id == member.id)


def directory() -> Page[Member]:
    """Confirmed people: staff and super users first, then by name."""
    standing = select(func.count(Grant.id)).where(Grant.member_id == Member.id, Grant.kind == SUPER_USER)
    shown = Member.email_confirmed_at.is_not(None), Member.suspended_at.is_(None)
    total = db.session.scalar(select(func.count(Member.id)).where(*shown)) or 0
    rows = db.session.scalars(
        select(Member)
        .where(*shown)
        .order_by(
            case((standing.scalar_subquery() > 0, 0), (Member.role.in_(STAFF), 1), else_=2), Member.name, Member.id
        )
        .limit(PEOPLE_A_PAGE)
        .offset((page_number() - 1) * PEOPLE_A_PAGE)
        .options(joinedload(Member.grants))
    ).unique()
    return Page(list(rows), page_number(), PEOPLE_A_PAGE, total)


def save(member: Member, form: PreferencesForm) -> bool:
    """Take the form over; False where the picture was refused, with the reason beside its field."""
    if not _save_avatar(member, form):
        return False
    member.name, member.about = form.name.data, form.about.data or ""
    member.about_html = render(member.about).html if member.about else ""
    member.language, member.time_zone = form.language.data, form.time_zone.data
    member.theme = form.theme.data
    events.record(ProfileChanged(actor_id=member.id, member_id=member.id))
    return True


def _save_avatar(member: Member, form: PreferencesForm) -> bool:
    if form.remove_avatar.data:
        member.avatar_key = ""
    given = form.avatar.data
    if not given:
        return True
    data = given.read(AVATAR_LIMIT + 1)
    try:
        if len(data) > AVATAR_LIMIT:
            raise UploadRefused(_l("The picture is larger than 5 MB."))
        picture = thumbnail(data, AVATAR_PIXELS)
    except UploadRefused as refused:
        refuse(form.avatar, str(refused.reason))
        return False
    key = f"{secrets.token_hex(12)}.webp"
    storage: Storage = current_app.extensions["isthmus.storage"]
    storage.put(f"avatars/{key}", picture, "image/webp")
    member.avatar_key = key
    return True
