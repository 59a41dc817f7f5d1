"""Who may do what with appointments and agreements."""

from community.core.policies import Actor, Role, declare
from community.forum import standing

from .appointing_models import Appointment, State, Way

RUN_PROGRAMME = declare("superusers.run_programme", Role.MANAGER)


def can_run(actor: Actor) -> bool:
    """Managers appoint, and make agreements."""
    return actor.can(RUN_PROGRAMME)


def can_see(actor: Actor, appointment: Appointment) -> bool:
    """Managers, and the person: what they applied for at once, what others said for them once it is offered."""
    if can_run(actor):
        return True
    own = actor.is_member and appointment.member_id == actor.id
    return own and (appointment.way == Way.APPLIED or appointment.offered_at is not None)


def can_answer(actor: Actor, appointment: Appointment) -> bool:
    """The person alone accepts or declines what is offered."""
    return actor.is_member and appointment.member_id == actor.id and appointment.state == State.OFFERED


def can_end(actor: Actor, appointment: Appointment) -> bool:
    """The person resigns, or takes an application back; managers end it too. What is over cannot be ended."""
    ends = appointment.state in (State.PROPOSED, State.OFFERED, State.ACCEPTED, State.ACTIVE, State.PAUSED)
    return ends and can_see(actor, appointment) and (can_run(actor) or appointment.state != State.OFFERED)


def can_pause(actor: Actor, appointment: Appointment) -> bool:
    """The person rests, and comes back, as they like; managers may say so for them."""
    return can_see(actor, appointment) and appointment.state in (State.ACTIVE, State.PAUSED)


def can_put_forward(actor: Actor) -> bool:
    """Members who have been here for some time nominate others, and apply."""
    return actor.is_member and standing.holds(actor)
