"""Making the inner space of what there is: a space, an automatic group, and the rights of the one in the other."""

from collections.abc import Callable
from itertools import count

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.db import db, insert_once
from community.forum import operations as forum
from community.forum.models import Kind, Thread
from community.forum.scheduling.operations import ScheduledNews
from community.groups import operations as groups
from community.groups import queries as group_queries
from community.groups import rights
from community.groups.models import ANY_SPACE, Calling, Joining, ListSight, Right, RuleKind, Sight
from community.groups.operations import GroupDetails
from community.groups.settling import settle
from community.spaces import operations as spaces
from community.spaces.models import GROUPS, MEMBERS, Space
from community.spaces.operations import SpaceDetails

from .models import ONLY, EarlyNews, InnerPlace

SLUG = "super-users"


def inner_space() -> Space | None:
    """The inner space, once it is made."""
    held = db.session.scalar(select(InnerPlace).options(joinedload(InnerPlace.space)))
    return held.space if held else None


def make(*, by_id: int) -> Space | None:
    """Make the inner space, with everybody in it who is a super user; None where there is one already."""
    if not insert_once(InnerPlace, id=ONLY):
        return None
    held = db.session.get_one(InnerPlace, ONLY)
    space = spaces.create_space(_details(), by_id=by_id)
    spaces.let_write(space, start_by=GROUPS, reply_by=GROUPS, by_id=by_id)
    group = groups.create(_free(group_queries.slug_is_free), _group(), by_id=by_id)
    rights.set_rights(space.id, {(group.id, Right.START.value)}, of=[group.id], by_id=by_id)
    settle(group)
    held.space_id, held.group_id = space.id, group.id
    db.session.flush()
    return space


def _details() -> SpaceDetails:
    words = _("Where super users and the provider talk among themselves.")
    return SpaceDetails(slug=_free(spaces.slug_is_free), name=_("Super users"), description=words, visibility=MEMBERS)


def _group() -> GroupDetails:
    return GroupDetails(
        name=_("Super users"),
        description=_("Everybody who is a super user of a space, for as long as that lasts."),
        joining=Joining.AUTOMATIC.value,
        visibility=Sight.MEMBERS.value,
        list_visibility=ListSight.MEMBERS.value,
        mentionable=Calling.STAFF.value,
        rules=frozenset({(RuleKind.SUPER_USER.value, ANY_SPACE)}),
    )


def _free(is_free: Callable[[str], bool]) -> str:
    names = (SLUG if number == 1 else f"{SLUG}-{number}" for number in count(1))
    return next(name for name in names if is_free(name))


def tell_early(news: ScheduledNews, space: Space) -> Thread:
    """Show news in the inner space now that wait for everybody else."""
    thread = forum.start_thread(
        space=space, author_id=news.author_id, kind=Kind.ANNOUNCEMENT.value, title=news.title, body=news.body
    )
    db.session.add(news)
    db.session.flush()
    db.session.add(EarlyNews(thread_id=thread.id, news_id=news.id, space_id=news.space_id, public_from=news.publish_at))
    db.session.flush()
    return thread


def early_news(space: Space) -> list[EarlyNews]:
    """What super users know first, newest first; for whoever reads the inner space. At most ten."""
    rows = (
        select(EarlyNews)
        .join(Thread, Thread.id == EarlyNews.thread_id)
        .where(Thread.space_id == space.id, Thread.hidden_at.is_(None))
        .order_by(EarlyNews.thread_id.desc())
        .limit(10)
        .options(joinedload(EarlyNews.thread), joinedload(EarlyNews.space), joinedload(EarlyNews.news))
    )
    return list(db.session.scalars(rows))
