"""Who moderates what."""

from community.accounts.models import SUPER_USER, Member
from community.core.db import utcnow
from community.core.policies import Actor, Role, declare

from .kinds import case_kind
from .models import Case
from .targets import Target

OPEN_INBOX = declare("moderation.open_inbox", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
REVIEW = declare("moderation.review", Role.SUPER_USER, Role.MANAGER)
PUNISH = declare("moderation.punish", Role.SUPER_USER, Role.MANAGER)
SUSPEND = declare("moderation.suspend", Role.MANAGER)
# Who votes for whom is shown to nobody else.
VOID_VOTES = declare("moderation.void_votes", Role.MANAGER)


def can_flag(actor: Actor, target: Target) -> bool:
    """Members flag what others wrote and what they can read."""
    return actor.is_member and target.author_id != actor.id


def spaces_led_by(member: Member) -> set[int]:
    """The spaces in which somebody is super user now; needs the member's grants."""
    now = utcnow()
    return {grant.space_id for grant in member.grants if grant.kind == SUPER_USER and grant.lasts(now)}


def can_measure(actor: Actor, member: Member) -> bool:
    """Whether the actor may take measures against a person at all, or against what they wrote.

    Nobody acts against themselves; super users neither against staff nor against other super users of their spaces,
    about whom managers decide. Staff is never warned, silenced or suspended here (`can_punish`).
    """
    if not actor.is_member or actor.id == member.id:
        return False
    if actor.can(PUNISH):
        return True
    return not member.is_staff and not (actor.leads_in & spaces_led_by(member))


def can_punish(actor: Actor, member: Member) -> bool:
    """Whether the actor may warn or silence a person somewhere; nobody does that to staff."""
    return can_measure(actor, member) and actor.can_somewhere(PUNISH) and not member.is_staff


def can_review(actor: Actor, case: Case) -> bool:
    """Whoever holds the right of the kind: super users in their spaces, staff everywhere. What is for staff only, and
    what belongs to no space, is the staff's.

    Nobody reviews what is about themselves.
    """
    kind = case_kind(case.kind)
    if kind is None or not actor.is_member or actor.id == case.member_id:
        return False
    right = kind.permission or REVIEW
    if case.staff_only or case.space_id is None:
        return actor.can(right)
    return actor.can(right, space_id=case.space_id)
