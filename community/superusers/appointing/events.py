"""Facts about appointments. Names are never changed."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(Event):
    """An appointment came to another place. `what` is one of the words below, `how` says why it ended.

    proposed, offered, reminded, refused, accepted, declined, begun, paused, resumed, ends_soon, ended; undone, where
    `how` says what it was: offered, held, refused
    """

    name = "superusers.appointment.moved"
    subject = "appointment_id"
    appointment_id: int
    member_id: int
    what: str
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class Nominated(Event):
    """A member nominated somebody."""

    name = "superusers.nominated"
    subject = "nomination_id"
    nomination_id: int
    member_id: int
