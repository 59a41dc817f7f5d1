"""Facts about groups."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class GroupEvent(Event):
    """A fact about one group."""

    subject = "group_id"
    group_id: int


@dataclass(frozen=True, kw_only=True)
class GroupCreated(GroupEvent):
    """A group was made."""

    name = "groups.group.created"


@dataclass(frozen=True, kw_only=True)
class GroupChanged(GroupEvent):
    """A group was changed. `changed` names the fields."""

    name = "groups.group.changed"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GroupDeleted(GroupEvent):
    """A group was deleted: what it was, and who was in it."""

    name = "groups.group.deleted"
    was: str
    member_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(GroupEvent):
    """Somebody joined, asked, was invited, was refused or left; states are "" where there is none."""

    name = "groups.membership.changed"
    member_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class MembersSettled(GroupEvent):
    """The rules of a group brought these members in, and took those out."""

    name = "groups.members.settled"
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SpaceRightsChanged(Event):
    """What groups may do in a space: "group id:right" pairs that were given and taken."""

    name = "groups.rights.changed"
    subject = "space_id"
    space_id: int
    given: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
