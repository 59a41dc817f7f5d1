"""Who may do what with appointments and agreements."""

from community.core.db import utcnow
from community.core.policies import Actor, Role, declare
from community.forum import standing

from .models import Appointment, State, Way

RUN_PROGRAMME = declare("superusers.run_programme", Role.MANAGER)


def can_run(actor: Actor) -> bool:
    """Managers appoint, and make agreements."""
    return actor.can(RUN_PROGRAMME)


def _is_own(actor: Actor, appointment: Appointment) -> bool:
    return actor.is_member and appointment.member_id == actor.id


def can_see(actor: Actor, appointment: Appointment) -> bool:
    """Managers, whoever stands for the person at the provider, and the person: what they applied for at once, what
    others said for them once it is offered.
    """
    if can_run(actor) or (actor.is_staff and appointment.provider_is(actor.id)):
        return True
    return _is_own(actor, appointment) and (appointment.way == Way.APPLIED or appointment.offered_at is not None)


def can_answer(actor: Actor, appointment: Appointment) -> bool:
    """The person alone accepts or declines what is offered, in time."""
    waits = appointment.shown_state(utcnow()) == State.OFFERED
    return _is_own(actor, appointment) and waits


def can_end(actor: Actor, appointment: Appointment) -> bool:
    """The person resigns, or takes an application back; managers end it too. What is over cannot be ended."""
    ends = appointment.state in (State.PROPOSED, State.OFFERED, State.ACCEPTED, State.ACTIVE, State.PAUSED)
    if can_run(actor):
        return ends
    own = _is_own(actor, appointment) and can_see(actor, appointment)
    return ends and own and appointment.state != State.OFFERED


def can_pause(actor: Actor, appointment: Appointment) -> bool:
    """The person rests, and comes back, as they like; managers may say so for them."""
    decides = can_run(actor) or _is_own(actor, appointment)
    return decides and appointment.state in (State.ACTIVE, State.PAUSED)


def can_offer_again(actor: Actor, appointment: Appointment) -> bool:
    """Whoever runs the programme, where nobody answered in time."""
    return can_run(actor) and appointment.member_id != actor.id and appointment.can_be_offered_again(utcnow())


def can_put_forward(actor: Actor) -> bool:
    """Members who have been here for some time nominate others, and apply."""
    return actor.is_member and standing.holds(actor)
