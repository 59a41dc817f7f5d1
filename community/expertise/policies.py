"""Who may say what of whom."""

from community.accounts.models import Member
from community.core.policies import Actor


def can_endorse(actor: Actor, member: Member) -> bool:
    """Members endorse others, never themselves, and nobody who is suspended."""
    return actor.is_member and actor.id != member.id and member.suspended_at is None
