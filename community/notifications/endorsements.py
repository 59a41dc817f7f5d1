"""Telling people that others agree with what they say they know."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.events import Fact, subscribe
from community.expertise.events import ExpertiseEndorsed
from community.expertise.models import Endorsement
from community.following.queries import muted_by

from .kinds import register
from .models import Notification
from .operations import notify

KIND = "endorsed"
register(
    KIND,
    _l("Somebody agrees that you know something"),
    mail=False,
    sentence=_l("%(name)s agrees that you know this"),
    why=_l("You get this mail because you said what you know."),
    icon="check",
    together=lambda _news, people: ngettext(
        "%(num)s person agrees that you know this", "%(num)s people agree that you know this", people
    ),
    gathered=True,
    group="people",
)


@subscribe(ExpertiseEndorsed)
def tell_of_endorsement(event: ExpertiseEndorsed, fact: Fact) -> None:
    """Once for each person and tag, however often somebody agrees and takes it back; not of people who are muted."""
    if event.actor_id is None or not _still(event) or _told(event, fact) or event.actor_id in muted_by(event.member_id):
        return
    member = db.session.get_one(Member, event.member_id)
    url = url_for("accounts.profile", handle=member.handle, _anchor="expertise")
    notify(fact.id, KIND, [member.id], event.tag, url, event.actor_id)


def _still(event: ExpertiseEndorsed) -> bool:
    return db.session.get(Endorsement, (event.member_id, event.tag, event.actor_id)) is not None


def _told(event: ExpertiseEndorsed, fact: Fact) -> bool:
    told = select(Notification.id).where(
        Notification.member_id == event.member_id,
        Notification.kind == KIND,
        Notification.actor_id == event.actor_id,
        Notification.title == event.tag,
        Notification.event_id != fact.id,
    )
    return db.session.scalar(told.limit(1)) is not None
