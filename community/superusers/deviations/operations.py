"""Putting a broken rule on the record, and what becomes of it."""

from dataclasses import dataclass
from datetime import date

from community.core import events
from community.core.db import db, utcnow
from community.forum import operations as forum
from community.forum.models import Kind, Thread
from community.moderation.cases import open_case
from community.spaces.models import Space

from .events import DeviationRecorded, DeviationReviewed, RuleChanged
from .models import KIND, Deviation


@dataclass(frozen=True)
class Account:
    """What somebody tells of a rule that was broken on purpose."""

    rule: str
    which: str
    why: str
    done: str
    hoped: str
    space_id: int | None = None
    about_kind: str = ""
    about_id: int = 0


def record(account: Account, *, member_id: int, by_id: int) -> Deviation:
    """Keep it, and ask a manager to look at it."""
    made = Deviation(member_id=member_id, by_id=by_id, at=utcnow(), **vars(account))
    db.session.add(made)
    db.session.flush()
    open_case(KIND, KIND, made.id, space_id=account.space_id, member_id=by_id, staff_only=True, by_id=member_id)
    events.record(DeviationRecorded(actor_id=member_id, deviation_id=made.id))
    return made


def review(deviation: Deviation, outcome: str, *, by_id: int, words: str) -> None:
    """Say what the look at it brought."""
    deviation.outcome, deviation.words = outcome, words
    deviation.reviewed_by_id, deviation.reviewed_at = by_id, utcnow()
    events.record(DeviationReviewed(actor_id=by_id, deviation_id=deviation.id, outcome=outcome))


def can_be_undone(deviation: Deviation) -> bool:
    """Whether somebody looked at it, and nothing was changed because of that."""
    return bool(deviation.outcome) and not deviation.changed_to and deviation.idea_id is None


def undo_review(deviation: Deviation, *, by_id: int) -> bool:
    """Take back what the look at it brought; it waits again. False once the rule was changed because of it."""
    db.session.refresh(deviation, with_for_update={"of": Deviation})
    if not can_be_undone(deviation):
        return False
    deviation.outcome = deviation.words = ""
    deviation.reviewed_by_id = deviation.reviewed_at = None
    events.record(DeviationReviewed(actor_id=by_id, deviation_id=deviation.id, outcome=""))
    return True


def change_rule(deviation: Deviation, *, to: str, address: str, on: date | None, by_id: int) -> None:
    """Say what the rule became, where it stands, and since when."""
    deviation.changed_to, deviation.changed_address, deviation.changed_on = to, address, on
    events.record(RuleChanged(actor_id=by_id, deviation_id=deviation.id))


def make_idea(deviation: Deviation, *, space: Space, title: str, body: str, by_id: int) -> Thread:
    """Begin a thread about the better rule; nothing in it says who broke the old one."""
    thread = forum.start_thread(space=space, author_id=by_id, kind=Kind.IDEA, title=title, body=body)
    deviation.idea_id = thread.id
    return thread
