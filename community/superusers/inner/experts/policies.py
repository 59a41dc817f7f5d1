"""Who sees a question to experts, answers it, and publishes the answer."""

from collections.abc import Collection

from community.core.policies import Actor

from ..policies import RUN, inside
from .models import ExpertQuestion


def can_see(actor: Actor, question: ExpertQuestion, pools: Collection[int]) -> bool:
    """Who asked, the pool's experts, and who runs the programme. `pools` are those that the actor belongs to."""
    return inside(actor) and (question.asker_id == actor.id or question.pool_id in pools or actor.can(RUN))


def can_take(actor: Actor, question: ExpertQuestion, pools: Collection[int]) -> bool:
    """An expert of the pool, as long as nobody did; nobody answers themselves."""
    return question.taken_by_id is None and question.pool_id in pools and question.asker_id != actor.id


def can_answer(actor: Actor, question: ExpertQuestion, pools: Collection[int]) -> bool:
    """Whoever took it, once."""
    return question.taken_by_id == actor.id and question.pool_id in pools and question.answered_at is None


def can_publish(actor: Actor, question: ExpertQuestion) -> bool:
    """Who asked and who answered, once; whether they may reply in the thread is asked beside this."""
    if question.answered_at is None or question.published_at is not None or question.thread_id is None:
        return False
    return inside(actor) and actor.id in (question.asker_id, question.taken_by_id)
