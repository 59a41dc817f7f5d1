"""Facts about members."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MemberRegistered(Event):
    """Somebody asked for an account; the address is not confirmed yet."""

    name = "accounts.member.registered"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MemberConfirmed(Event):
    """The address was confirmed; the account can be used."""

    name = "accounts.member.confirmed"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """Name, picture or words about oneself changed; with `words` how one is called or what one says of oneself."""

    name = "accounts.profile.changed"
    subject = "member_id"
    member_id: int
    words: bool = False


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """The password was changed; all other sign-ins have ended."""

    name = "accounts.password.changed"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AccountOffered(Event):
    """An account that came with an import got the address of its person, who may claim it now."""

    name = "accounts.account.offered"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AccountClaimed(Event):
    """The person of an account that came with an import chose a password for it."""

    name = "accounts.account.claimed"
    subject = "member_id"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A member's role in the installation, or standing within a space, was changed."""

    name = "accounts.role.changed"
    subject = "member_id"
    member_id: int
    before: str
    after: str
    space_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TermChanged(Event):
    """Standing within a space that somebody has ends at another moment, in ISO 8601, or "" for never."""

    name = "accounts.term.changed"
    subject = "member_id"
    member_id: int
    kind: str
    space_id: int
    until: str = ""
