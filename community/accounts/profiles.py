"""Profiles: what they show, and how they change."""

import secrets
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import lazy_gettext as _l

from community.core import events
from community.core.db import utcnow
from community.core.images import UploadRefused, thumbnail
from community.core.markup import render
from community.core.policies import Actor
from community.core.storage import Storage

from . import profile_gate
from .availability import away_of
from .events import ProfileChanged
from .forms import PreferencesForm, refuse
from .models import SUPER_USER, Member
from .profile_gate import Words

AVATAR_PIXELS = 192
AVATAR_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True)
class ProfileView:
    """What the profile page needs beside the member."""

    role_kind: str
    super_user_in: tuple[int, ...]
    own: bool
    away_until: date | None = None


def role_kind(member: Member) -> str:
    """How a person is drawn: staff square, super users ringed."""
    if member.is_staff:
        return "staff"
    return "super_user" if _led_by(member) else "member"


def _led_by(member: Member) -> tuple[int, ...]:
    """Ids of the spaces where a member is super user now."""
    now = utcnow()
    return tuple(grant.space_id for grant in member.grants if grant.kind == SUPER_USER and grant.lasts(now))


def view_of(member: Member, actor: Actor) -> ProfileView:
    """A profile as the actor sees it."""
    return ProfileView(
        role_kind(member), _led_by(member), own=actor.id == member.id, away_until=away_of([member.id]).get(member.id)
    )


def save(member: Member, form: PreferencesForm, who: Actor) -> bool:
    """Take the form over; False where the picture or the words were refused, with the reason beside the field.

    Words that somebody must look at first wait; the present ones stay until then.
    """
    before, wanted = Words(member.name, member.about), Words(form.name.data, form.about.data or "")
    answer = profile_gate.ask(who, before, wanted)
    if answer.refused:
        refuse(form.name if answer.in_name else form.about, answer.refused)
        return False
    if not _save_avatar(member, form):
        return False
    if answer.hold is not None:
        answer.hold()
    member.language, member.time_zone = form.language.data, form.time_zone.data
    member.theme = form.theme.data
    say(member, before if answer.hold is not None else answer.words)
    return True


def say(member: Member, words: Words) -> None:
    """Let a person be called so, and say this about themselves."""
    others = (member.name, member.about) != (words.name, words.about)
    member.name, member.about = words.name, words.about
    member.about_html = render(words.about).html if words.about else ""
    events.record(ProfileChanged(actor_id=member.id, member_id=member.id, words=others))


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
