"""A query as it leaves, made from what was decided to hand over."""

from dataclasses import replace
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from bridge.desks.contract import Outgoing, Requester
from bridge.queries.models import Query
from bridge.queries.redaction import redact
from bridge.words import CLASSES
from community import public
from community.core import i18n

from .kinds import kind_of
from .models import HandOver, ServiceDesk

ALIAS = "community+{number}@{host}"


def alias_of(member_id: int) -> str:
    """An address that stands for a member at desks that need not learn the real one."""
    host = urlsplit(str(current_app.config["PUBLIC_URL"])).hostname or "localhost"
    return ALIAS.format(number=member_id, host=host)


def only_points(query: Query, desk: ServiceDesk) -> bool:
    """Whether a desk is told no more than where to read: mail is read by whoever carries it, and kept for long."""
    return query.restricted and not kind_of(desk.kind).web


def pointer_of(desk: ServiceDesk, url: str) -> str:
    """What such a desk is told."""
    with i18n.speaking(desk.language):
        return _("This is shown in the community only, to its author and the service desk: %(url)s", url=url)


def outgoing_of(query: Query, hand_over: HandOver) -> Outgoing:
    """What the desk gets of a query: the redacted words of its threads, never an address where an alias will do."""
    links = [link for link in query.links if link.active]
    first = links[0]
    author = public.members([first.author_id])[first.author_id]
    threads = public.thread_snapshots([link.thread_id for link in links])
    base = str(current_app.config["PUBLIC_URL"])
    whole = Outgoing(
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
    return _pointing(whole, hand_over.desk) if only_points(query, hand_over.desk) else whole


def _pointing(whole: Outgoing, desk: ServiceDesk) -> Outgoing:
    """The query without anybody's words or name."""
    with i18n.speaking(desk.language):
        title, nobody = str(CLASSES[whole.query_class]), _("somebody in the community")
    asked_by = replace(whole.requester, name=nobody)
    return replace(whole, title=title, text=pointer_of(desk, whole.thread_url), requester=asked_by, tags=())
