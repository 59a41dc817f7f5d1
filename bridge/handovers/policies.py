"""What can be done with a query that is at another desk: small predicates, asked alike by views and templates."""

from bridge.queries.models import Query

from .models import HandOver, HandOverState, ServiceDesk

# What only whoever works on a query can do: while another desk has it, that is the other desk. The words, the promise
# of news, the class, notes and threads that join stay possible here, for they concern the community or follow it there.
ONLY_WHERE_IT_IS = frozenset(
    {"acknowledgement", "assignment", "information-request", "resolution", "decline", "closure"}
)


def can_do_here(noun: str, present: HandOver | None) -> bool:
    """Whether a verb of the built-in desk makes sense; `present` is the active hand-over to another desk."""
    return present is None or noun not in ONLY_WHERE_IT_IS


def arrived(hand_over: HandOver) -> bool:
    """Whether the desk has the query."""
    return bool(hand_over.remote_id)


def can_retry(hand_over: HandOver, *, dead_words: bool = False) -> bool:
    """What was given up, or waits after a failure, can be tried again at once."""
    if not hand_over.active:
        return False
    return hand_over.state in (HandOverState.DEAD, HandOverState.FAILED) or bool(hand_over.error) or dead_words


def can_take_back(query: Query, present: HandOver | None) -> bool:
    """What another desk has, or is about to get, until it is done there."""
    return present is not None and (query.in_work or not arrived(present))


def can_hand_over(query: Query) -> bool:
    """What is in work and still travels with a thread can go to another desk."""
    return query.in_work and bool(query.active_thread_ids)


def may_have(desk: ServiceDesk, query: Query) -> bool:
    """Whether a desk may know of a query: of what is restricted only where its class was sent by name."""
    return not query.restricted or any(route.query_class == query.query_class for route in desk.routes)


def takes(desk: ServiceDesk, query: Query) -> bool:
    """Whether a query may go to a desk by hand."""
    return desk.enabled and may_have(desk, query)
