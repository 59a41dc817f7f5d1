"""Rules broken on purpose can be about a query."""

from flask import url_for

from bridge.permissions import WORK_QUERIES
from community.core.policies import Actor
from community.public import DeviationSubject, register_deviation_subject

from .models import PREFIX
from .queries import query_for


def _find(actor: Actor, query_id: int) -> DeviationSubject | None:
    shown = query_for(actor, f"{PREFIX}{query_id:05d}")
    if shown is None:
        return None
    query = shown.query
    at_desk = actor.can(WORK_QUERIES)
    address = (
        url_for("desk.query", query_id=query.id) if at_desk else url_for("bridge.query", reference=query.reference)
    )
    title = f"{query.reference} {query.title}" if at_desk else query.reference
    space_id = shown.threads[0].space.id if shown.threads else None
    return DeviationSubject("query", query.id, title, address, space_id)


register_deviation_subject("query", _find)
