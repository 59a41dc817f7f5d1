"""Facts about what groups are asked."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MentionHandled(Event):
    """Somebody of a group took what mentions it, is done with it, or put it back."""

    name = "mentions.mention.handled"
    subject = "group_id"
    group_id: int
    mention_id: int
    before: str
    after: str
