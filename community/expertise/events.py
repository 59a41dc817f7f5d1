"""Facts about what people know."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ExpertiseChanged(Event):
    """A person said which tags they know; `tags` are all of them."""

    name = "expertise.tags.changed"
    subject = "member_id"
    member_id: int
    tags: str


@dataclass(frozen=True, kw_only=True)
class ExpertiseEndorsed(Event):
    """Somebody agrees that a person knows a tag."""

    name = "expertise.tag.endorsed"
    subject = "member_id"
    member_id: int
    tag: str


@dataclass(frozen=True, kw_only=True)
class EndorsementWithdrawn(Event):
    """Somebody no longer says so."""

    name = "expertise.tag.withdrawn"
    subject = "member_id"
    member_id: int
    tag: str
