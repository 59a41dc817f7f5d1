"""Which of many people may read a thread, asked at once."""

from collections.abc import Iterable

from community.accounts.loading import actors_for

from ..models import Thread
from ..policies import can_read_thread


def readers(thread: Thread, member_ids: Iterable[int]) -> set[int]:
    """Ids of those of the members who may read the thread now, in one statement however many they are."""
    wanted = set(member_ids)
    found = actors_for(wanted) if wanted else []
    return {actor.id for actor in found if actor.id is not None and can_read_thread(actor, thread)}
