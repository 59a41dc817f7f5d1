"""People as pages draw them."""

from collections.abc import Collection
from dataclasses import dataclass

from community.core.addresses import address
from community.core.db import utcnow
from community.core.policies import avatar_url, initials

from .models import SUPER_USER, Member


@dataclass(frozen=True)
class PersonCard:
    """A person in a list, beside a post, in the margin."""

    id: int
    name: str
    handle: str
    initials: str
    avatar_url: str | None
    role_kind: str

    @property
    def url(self) -> str:
        """The person's profile."""
        return address("accounts.profile", handle=self.handle)


def card(member: Member, super_users: Collection[int] = ()) -> PersonCard:
    """A member's card; ringed where their id is among the super users of the place that is shown."""
    kind = "staff" if member.is_staff else "super_user" if member.id in super_users else "member"
    return PersonCard(member.id, member.name, member.handle, initials(member.name), avatar_url(member.avatar_key), kind)


def card_with_grants(member: Member) -> PersonCard:
    """A member's card outside any one space; needs the member's grants loaded."""
    now = utcnow()
    leads = any(grant.kind == SUPER_USER and grant.lasts(now) for grant in member.grants)
    return card(member, {member.id} if leads else ())
