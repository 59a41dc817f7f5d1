"""The demo world's articles, written through the product's own operations."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from community import public
from community.core.db import at_time
from community.core.policies import NOBODY
from knowledge.articles import operations, queries
from knowledge.articles.models import Article, Audience
from knowledge.articles.operations import Content

ARTICLES = Path(__file__).parent / "demo" / "articles.toml"
TO_VALIDATION = timedelta(hours=9)
TO_PUBLICATION = timedelta(hours=10)
BETWEEN_USES = timedelta(hours=17)
NOT_HELPED_EACH = 7


def seed(rows: Mapping[str, int], now: datetime) -> int:
    """Load the articles; `rows` gives ids of threads by their keys. The number of articles."""
    spaces = {space.slug: space.id for space in public.spaces_visible_to(NOBODY)}
    told = tomllib.loads(ARTICLES.read_text(encoding="utf-8"))["article"]
    for row in told:
        _seed_article(row, rows.get(row.get("from_thread", "")), spaces.get(row["space"]), now)
    return len(told)


def _seed_article(row: dict[str, Any], thread_id: int | None, open_space_id: int | None, now: datetime) -> None:
    written = now - timedelta(hours=row["hours_ago"])
    thread = public.thread_snapshot(thread_id) if thread_id else None
    is_open = thread.space.is_open if thread else open_space_id is not None or not row["space"]
    with at_time(written):
        article = operations.draft(
            _content(row, thread.tags if thread else ()),
            author_id=_member(row["author"]),
            space_id=thread.space.id if thread else open_space_id,
            audience=Audience.PUBLIC if is_open else Audience.SPACE,
            thread_id=thread_id,
        )
    _confirm(article, row, written, now)


def _content(row: dict[str, Any], tags: tuple[str, ...]) -> Content:
    return Content(
        title=row["title"],
        issue=row["issue"].strip(),
        environment=row["environment"],
        resolution=row["resolution"].strip(),
        cause=row["cause"].strip(),
        tags=list(tags),
        language=row["language"],
    )


def _confirm(article: Article, row: dict[str, Any], written: datetime, now: datetime) -> None:
    if not row.get("validated_by"):
        return
    checker = _member(row["validated_by"])
    with at_time(min(written + TO_VALIDATION, now)):
        operations.validate(article, by_id=checker)
    if row["state"] != "published":
        return
    with at_time(min(written + TO_PUBLICATION, now)):
        operations.publish(article, by_id=checker)
    _use(article, written + TO_PUBLICATION, now)


def _use(article: Article, published: datetime, now: datetime) -> None:
    """Those who have the problem too try it, one after the other."""
    source = queries.source_thread_id(article.id)
    affected = sorted(public.affected_members([source]) - {article.author_id}) if source else []
    for turn, member_id in enumerate(affected, 1):
        moment = published + turn * BETWEEN_USES
        if moment < now:
            with at_time(moment):
                operations.give_feedback(article, member_id=member_id, helped=turn % NOT_HELPED_EACH != 0)


def _member(handle: str) -> int:
    found = public.member_id_of(handle)
    if found is None:
        raise LookupError(f"the demo world has no member {handle}")
    return found
