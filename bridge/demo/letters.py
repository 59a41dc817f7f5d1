"""The demo's desk that is reached by letter: connecting it, and letters there and back, without a network."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NoReturn

from sqlalchemy import select

from bridge.desks.mail import operations, wording
from bridge.handovers import entering
from bridge.handovers.models import DeskMessage, HandOver, MessageState
from bridge.handovers.queries import active_of
from bridge.handovers.sending import carry_next
from community.core.db import at_time, db, utcnow
from community.core.mail.receiving import Answer, receive
from community.core.policies import Actor

from .reading import Thread, Told, member, spaces_of


def connect(told: Told, threads: Iterable[Thread], now: datetime) -> None:
    """Connect the desks, with their routes to those spaces that are there."""
    places, routes = spaces_of(threads), []
    for each in told["desk"]:
        with at_time(now - timedelta(days=each["days_ago"])):
            desk = entering.enter(None, _entered(each))
        routes += [
            {"desk_id": desk.id, "query_class": route["query_class"], "space_id": places[route["space"]]}
            for route in each["routes"]
            if route["space"] in places
        ]
    entering.set_routes(routes)
    db.session.flush()


def _entered(told: Told) -> entering.Entered:
    return entering.Entered(
        name=told["name"],
        kind=told["kind"],
        url="",
        speaker_id=member(told["speaker"]),
        options=told["options"],
        alias_only=True,
        only_author=True,
        allow_private=False,
        enabled=True,
    )


def send(query_id: int) -> None:
    """What the worker does with the line at the query's desk, done now. It commits."""
    carry_next(_way(query_id).desk_id)


def arrive(query_id: int, sender: str, number: str, text: str) -> None:
    """Somebody at the desk answers; their program put its own number into the subject. It commits."""
    way = _way(query_id)
    ref = _ref(way)
    subject = wording.subject_of(ref, way.query.title, number)
    outcomes = receive(_letter(ref, subject, sender, text), [ref.address])
    if [outcome.answer for outcome in outcomes] != [Answer.TAKEN]:
        raise LookupError(f"the letter for query {query_id} was not taken: {outcomes}")


def release(query_id: int, *, by_id: int) -> None:
    """Let the oldest letter that waits be said in the threads."""
    held = select(DeskMessage).where(
        DeskMessage.hand_over_id == _way(query_id).id, DeskMessage.state == MessageState.HELD
    )
    operations.release(db.session.scalars(held.order_by(DeskMessage.id)).first() or _missing(query_id), Actor(id=by_id))


def _letter(ref: wording.Ref, subject: str, sender: str, text: str) -> bytes:
    made, moment = EmailMessage(), utcnow()
    made["From"], made["To"], made["Subject"] = sender, ref.address, subject
    made["Date"] = format_datetime(moment)
    made["Message-ID"] = f"<{ref.text}.{int(moment.timestamp())}@{sender.rpartition('@')[2].strip('>')}>"
    made["In-Reply-To"] = made["References"] = ref.message_id()
    made.set_content(text)
    return made.as_bytes(policy=SMTP)


def _way(query_id: int) -> HandOver:
    return active_of(query_id) or _missing(query_id)


def _ref(way: HandOver) -> wording.Ref:
    found = wording.read_ref(way.ref)
    return found[0] if found else _missing(way.query_id)


def _missing(query_id: int) -> NoReturn:
    raise LookupError(f"query {query_id} has nothing of the kind")
