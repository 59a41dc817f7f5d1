"""The window between a rule and the desk, as the page of a thread shows it. Nothing in it depends on the present."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge import durations, words
from bridge.permissions import PROMOTE
from community.core.policies import Actor

from .acting import first_of
from .models import ThreadWatch
from .showing import THREAT, shown

USUAL_CLAIM = timedelta(hours=4)


@dataclass(frozen=True)
class Window:
    """When a thread goes to the desk and why, who stops it until when, and whether the actor may step in."""

    thread_id: int
    due_at: datetime | None
    rule: str
    why: str
    class_word: str
    claimed_until: datetime | None
    held_until: datetime | None
    held_reason: str
    proposed_reason: str
    acts: bool

    @property
    def stopped(self) -> bool:
        """Whether somebody holds it back."""
        return self.claimed_until is not None or self.held_until is not None

    @property
    def usual_claim(self) -> str:
        """How long a claim lasts unless one says otherwise, as one would write it."""
        return durations.written(USUAL_CLAIM)


def window_of(watch: ThreadWatch | None, actor: Actor) -> Window | None:
    """What the actor, who may read the thread, sees; suggestions and threats only with the right to step in."""
    if watch is None:
        return None
    acts = actor.is_member and actor.can(PROMOTE, space_id=watch.space_id)
    first = first_of(shown(watch.verdicts))
    if first is not None and not acts and (first.query_class == THREAT or not first.automatic):
        first = None
    if first is None and watch.claimed_until is None and watch.held_until is None:
        return None
    return Window(
        thread_id=watch.thread_id,
        due_at=first.due_at if first and first.automatic else None,
        rule=first.name_for(actor) if first else "",
        why=(first.why_for(actor) if acts else first.plain_why) if first else "",
        class_word=str(words.VERDICTS[first.query_class]) if first and acts else "",
        claimed_until=watch.claimed_until,
        held_until=watch.held_until,
        held_reason=watch.held_reason,
        proposed_reason=watch.proposed_reason if acts else "",
        acts=acts,
    )
