"""Claiming: an import makes accounts that nobody can sign in to; their people get them by an address vouched for.

An operator's list, or whoever looks after members, attaches an address to such an account. From then on it is an
account with a forgotten password: the letter to that address is the only way in. Neither name nor handle ever leads to
it, and once it has a password nobody but its owner can give it another address.
"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from community.core import events
from community.core.db import db
from community.core.policies import Actor, Role

from .events import AccountOffered
from .models import Member
from .operations import by_email
from .policies import can_change_role

CLAIMED = _l("This account is in use already; its address can only be changed by its owner.")
TAKEN = _l("This address belongs to another account. Nothing was changed.")
OTHER_ADDRESS = _l("Another address was attached to this account before. Nothing was changed.")


class AddressRefusedError(Exception):
    """The address cannot be attached; `reason` says why, to whoever may know."""

    def __init__(self, reason: LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


def is_unclaimed(member: Member) -> bool:
    """Whether nobody has come for this account yet."""
    return not member.password_hash and member.email_confirmed_at is None


def has_address(member: Member) -> bool:
    """Whether letters can reach the member; an import gives addresses in a domain that can never exist."""
    return not member.email.endswith(".invalid")


def can_invite(who: Actor, member: Member) -> bool:
    """Whoever may make somebody a plain member may say whose an unclaimed account is."""
    return is_unclaimed(member) and can_change_role(who, member.role, Role.MEMBER)


def attach(member: Member, address: str, *, by_id: int | None, anew: bool = False) -> bool:
    """Give an unclaimed account the address of its person, unconfirmed; whether it is new.

    `anew` replaces an address that was attached before, whose links then lead nowhere. Raises AddressRefusedError.
    """
    db.session.refresh(member, with_for_update=True)
    wanted = address.strip().lower()
    if member.email == wanted:
        return False
    if not is_unclaimed(member):
        raise AddressRefusedError(CLAIMED)
    if by_email(wanted) is not None:
        raise AddressRefusedError(TAKEN)
    if has_address(member) and not anew:
        raise AddressRefusedError(OTHER_ADDRESS)
    member.email = wanted
    db.session.flush()
    events.record(AccountOffered(actor_id=by_id, member_id=member.id))
    return True
