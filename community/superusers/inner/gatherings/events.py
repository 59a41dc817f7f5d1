"""Facts about gatherings."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class GatheringEvent(Event):
    """A fact about one gathering, and whom it concerns."""

    subject = "gathering_id"
    gathering_id: int
    member_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PeopleInvited(GatheringEvent):
    """These people are invited."""

    name = "inner.gathering.invited"


@dataclass(frozen=True, kw_only=True)
class GatheringChanged(GatheringEvent):
    """What was said about it changed; these people were invited before and still are."""

    name = "inner.gathering.changed"


@dataclass(frozen=True, kw_only=True)
class GatheringCancelled(GatheringEvent):
    """It is called off for these people: for all, or because they are no longer invited."""

    name = "inner.gathering.cancelled"
