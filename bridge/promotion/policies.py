"""Who may step in: a small predicate, asked alike by views, slots and templates."""

from bridge.permissions import PROMOTE
from bridge.queries.policies import WITHOUT_QUERY
from community.core.policies import Actor
from community.public import ThreadSnapshot


def can_step_in(actor: Actor, thread: ThreadSnapshot) -> bool:
    """Super users of the space and staff stop or hasten the way of a thread; its author does not."""
    if thread.hidden or thread.closed or thread.kind == "announcement" or thread.state not in WITHOUT_QUERY:
        return False
    return actor.is_member and actor.can(PROMOTE, space_id=thread.space.id)
