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
    """It was looked at and published; `member_id` wrote it. `post_id` is 0 for what is no post."""

    name = "moderation.held.published"
    subject = "held_id"
    held_id: int
    member_id: int
    post_id: int = 0


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


@dataclass(frozen=True, kw_only=True)
class HeldReopened(Event):
    """The decision about it was taken back: it waits again. `was` is what had been decided."""

    name = "moderation.held.reopened"
    subject = "held_id"
    held_id: int
    member_id: int
    was: str


@dataclass(frozen=True, kw_only=True)
class WriterTrusted(Event):
    """Somebody who reviews trusts `member_id` in a space: rules for newcomers hold nothing back of them there."""

    name = "moderation.writer.trusted"
    subject = "member_id"
    member_id: int
    space_id: int


@dataclass(frozen=True, kw_only=True)
class TrustWithdrawn(Event):
    """They are trusted there no more; `reason` is read by those who review."""

    name = "moderation.writer.trust_withdrawn"
    subject = "member_id"
    member_id: int
    space_id: int
    reason: str = ""
