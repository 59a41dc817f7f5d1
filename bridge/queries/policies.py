"""Who may do what with queries: small predicates, asked alike by views, slots and templates."""

from bridge.permissions import PROMOTE, WORK_QUERIES
from bridge.queries.models import Query, Status, suspicious
from community.core.policies import Actor
from community.public import ThreadSnapshot

WITHOUT_QUERY = frozenset({"open", "answered", "declined"})


def can_promote(actor: Actor, thread: ThreadSnapshot) -> bool:
    """Super users of the space and staff take any thread of users to the desk, authors their own unresolved one."""
    if not actor.is_member or thread.hidden or thread.closed or thread.kind == "announcement":
        return False
    if thread.state not in WITHOUT_QUERY:
        return False
    return actor.can(PROMOTE, space_id=thread.space.id) or actor.id == thread.author.id


def can_promote_further(actor: Actor, thread: ThreadSnapshot) -> bool:
    """Something else in a thread that is at the desk, or was settled, may be a query of its own: super users and staff
    decide so, and the author while the desk has the thread.
    """
    if not actor.is_member or thread.hidden or thread.closed or thread.kind == "announcement":
        return False
    if thread.state in WITHOUT_QUERY:
        return False
    own = actor.id == thread.author.id and thread.state == "desk"
    return own or actor.can(PROMOTE, space_id=thread.space.id)


def can_work(actor: Actor) -> bool:
    """The desk works on queries."""
    return actor.can(WORK_QUERIES)


def in_work(query: Query) -> bool:
    """The desk has something to do on it."""
    return query.in_work


def can_acknowledge(query: Query) -> bool:
    """What nobody has acknowledged yet."""
    return query.in_work and query.acknowledged_at is None


def can_close(query: Query) -> bool:
    """What has an answer, from the desk or from the community."""
    return query.status == Status.RESOLVED or (query.in_work and query.peer_answer)


def can_reopen(query: Query) -> bool:
    """What the desk has finished with."""
    return not query.in_work


def can_talk(query: Query) -> bool:
    """News reach the threads until the query is finished."""
    return not query.finished


def can_join(query: Query, thread: ThreadSnapshot) -> bool:
    """Threads join what is in work; a restricted thread only what is restricted too, or it would hide everybody's."""
    return query.in_work and (query.restricted or not thread.restricted)


def can_show_again(query: Query) -> bool:
    """What was taken for a threat, and is none by the class it has now."""
    return query.restricted and not suspicious(query.query_class)


def can_say_no(actor: Actor, query: Query, thread: ThreadSnapshot) -> bool:
    """The author says that the proposed answer did not help, until they accept one; also when it was taken as good."""
    stood = query.status == Status.CLOSED and bool(query.resolution_text) and thread.solution_id is None
    proposed = query.status == Status.RESOLVED or stood
    return proposed and actor.is_member and actor.id == thread.author.id and not thread.closed
