"""Our queries as values that stand in the fields of the Whoosh index."""

from .documents import KINDS, STATE_TAG, TYPE_TAG
from .query import Query

NOWHERE = "-"
TEXT_FIELDS = (("title", 3.0), ("labels", 2.0), ("body", 1.0))


def filters(query: Query) -> list[tuple[str, str]]:
    """Return the fields and their values all of which the filters ask for; the space is left to the caller."""
    found = [("tag", tag) for tag in query.tags]
    if query.state is not None:
        found.append(("tag", STATE_TAG + query.state))
    if query.solved is not None:
        found.append(("solved", "1" if query.solved else "0"))
    if query.by is not None:
        found.append(("author", query.by))
    if query.type is not None:
        found.append(("kind", query.type) if query.type in KINDS else ("tag", TYPE_TAG + query.type))
    return found
