"""Facts about what is held back. None of them says a word of what was written."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class WritingHeld(Event):
    """Something waits until a person looked at it; the actor wrote it."""

    name = "moderation.writing.held"
    subject = "held_id"
    held_id: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class HeldPublished(Event):
    """It was looked at and published; `member_id` wrote it."""

    name = "moderation.held.published"
    subject = "held_id"
    held_id: int
    member_id: int
    post_id: int


@dataclass(frozen=True, kw_only=True)
class HeldRefused(Event):
    """It was looked at and stays unpublished; its author has it among their drafts."""

    name = "moderation.held.refused"
    subject = "held_id"
    held_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class HeldTakenBack(Event):
    """Its author took it back before anybody decided."""

    name = "moderation.held.taken_back"
    subject = "held_id"
    held_id: int
