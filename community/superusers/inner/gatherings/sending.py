"""Letters about gatherings, each with what a calendar reads; to people who are inside when they are sent."""

from collections.abc import Collection

from flask import url_for

from community.core import email, i18n
from community.core.db import db
from community.core.jobs import enqueue, job
from community.core.web import public_url

from ..people import still_inside
from .calendars import answers_to, invitation
from .models import Gathering, GatheringGuest
from .words import hours_of

REQUEST, CANCEL = "REQUEST", "CANCEL"


def send_later(gathering: Gathering, member_ids: Collection[int], method: str) -> None:
    """Have everybody's letter written after this transaction."""
    sequence = gathering.sequence
    enqueue(send, gathering_id=gathering.id, member_ids=sorted(member_ids), method=method, sequence=sequence)


@job
def send(gathering_id: int, member_ids: list[int], method: str, sequence: int) -> None:
    """One letter to each; none of a request that a later change has overtaken, for that has letters of its own."""
    gathering = db.session.get(Gathering, gathering_id)
    if gathering is None or (method == REQUEST and (gathering.sequence != sequence or gathering.cancelled_at)):
        return
    for member in still_inside(member_ids):
        if member.email_confirmed_at is None:
            continue
        guest = db.session.get(GatheringGuest, (gathering_id, member.id))
        if method == REQUEST and guest is None:
            continue
        with i18n.speaking(member.language):
            email.post(
                "gathering",
                member.email,
                headers={"Reply-To": answers_to(gathering, member), "Auto-Submitted": "auto-generated"},
                calendar=invitation(gathering, member, guest.answer if guest else "", method),
                gathering=gathering,
                member=member,
                off=method == CANCEL,
                again=sequence > 0,
                hours=hours_of(gathering),
                link=public_url(url_for("gatherings.page", gathering_id=gathering.id)),
            )
