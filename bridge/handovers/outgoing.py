"""A query as it leaves, made from what was decided to hand over."""

from urllib.parse import urlsplit

from flask import current_app

from bridge.desks.contract import Outgoing, Requester
from bridge.queries.models import Query
from bridge.queries.redaction import redact
from community import public

from .models import HandOver

ALIAS = "community+{number}@{host}"


def alias_of(member_id: int) -> str:
    """An address that stands for a member at desks that need not learn the real one."""
    host = urlsplit(str(current_app.config["PUBLIC_URL"])).hostname or "localhost"
    return ALIAS.format(number=member_id, host=host)


def outgoing_of(query: Query, hand_over: HandOver) -> Outgoing:
    """What the desk gets of a query: the redacted words of its threads, never an address where an alias will do."""
    links = [link for link in query.links if link.active]
    first = links[0]
    author = public.members([first.author_id])[first.author_id]
    threads = public.thread_snapshots([link.thread_id for link in links])
    base = str(current_app.config["PUBLIC_URL"])
    return Outgoing(
        ref=hand_over.ref,
        title=redact(query.title).text,
        text="\n\n---\n\n".join(link.handover for link in links),
        query_class=query.query_class,
        impact=query.impact,
        urgency=query.urgency,
        priority=query.priority,
        requester=Requester(author.name, alias_of(author.id) if hand_over.desk.alias_only else author.email),
        thread_url=f"{base}/threads/{first.thread_id}",
        people=query.people_affected,
        tags=tuple(dict.fromkeys(tag for thread in threads.values() for tag in thread.tags)),
    )
