"""Replies that calendar programs send by mail: iCalendar with METHOD:REPLY, to an address of the guest's own."""

import logging

from icalendar import Calendar

from community.accounts.models import Member
from community.core.db import db
from community.core.mail import matching
from community.core.mail.letters import Letter
from community.core.mail.matching import Arrival

from ..people import still_inside
from . import operations, policies
from .calendars import ANSWERS, PURPOSE
from .models import Gathering, GatheringGuest

log = logging.getLogger(__name__)
LARGEST = 200_000  # bytes of a reply that are read
NUMBERS = 2
LARGEST_ID = 2**31 - 1


def take(arrival: Arrival) -> None:
    """Note what a reply says, where it is the guest's own and not about hours that no longer hold."""
    member_id, gathering_id = map(int, arrival.target.split("-"))
    guest = db.session.get(GatheringGuest, (gathering_id, member_id), with_for_update=True)
    gathering = db.session.get(Gathering, gathering_id)
    people = still_inside([member_id])
    if guest is None or gathering is None or not people or not _is_from(arrival.letter, people[0]):
        return
    word = _answer_in(arrival.letter, gathering)
    if word and policies.can_answer(gathering, guest):
        operations.answer(guest, word)


def _is_from(letter: Letter, member: Member) -> bool:
    return letter.sender.casefold() == member.email.casefold() and member.email_confirmed_at is not None


def _answer_in(letter: Letter, gathering: Gathering) -> str:
    """What a letter says about this gathering; "" where it says nothing that counts."""
    for file in letter.attachments:
        if (file.type == "text/calendar" or file.name.endswith(".ics")) and file.size <= LARGEST:
            word = _answer_of(file.read(), gathering)
            if word:
                return word
    return ""


def _answer_of(data: bytes, gathering: Gathering) -> str:
    try:
        replied = Calendar.from_ical(data)
        if not isinstance(replied, Calendar) or str(replied.get("METHOD", "")).upper() != "REPLY":
            return ""
        for event in replied.walk("VEVENT"):
            if str(event.get("UID", "")) == gathering.uid and int(event.get("SEQUENCE", 0)) >= gathering.timed_at:
                return _state_of(event.get("ATTENDEE"))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        log.info("a reply to gathering %s makes no sense", gathering.id)
    return ""


def _state_of(party: object) -> str:
    """The word for what the one who replies says; a reply has one of them."""
    params = getattr(party, "params", {})
    return ANSWERS.get(str(params.get("PARTSTAT", "")).upper(), "")


def _target(ids: tuple[int, ...]) -> str | None:
    return f"{ids[0]}-{ids[1]}" if len(ids) == NUMBERS and max(ids) <= LARGEST_ID else None


# Programs mark replies as their own doing, so both ways lead to the same.
matching.register(matching.Feature(name=PURPOSE, take=take, note=take, by_address=_target))
