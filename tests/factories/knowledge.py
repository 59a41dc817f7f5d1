"""Builders of articles, through the product's own operations."""

from community.accounts.models import Member
from community.core.db import db
from community.forum.models import Thread
from community.spaces.models import Space
from knowledge.articles import operations
from knowledge.articles.models import Article, Audience
from knowledge.articles.operations import Content
from tests.factories import a_member, a_space


def an_article(
    author: Member | None = None,
    *,
    space: Space | None = None,
    thread: Thread | None = None,
    title: str = "Keep the VPN connected when the lid is closed",
    issue: str = "When I open the lid the VPN says *reconnecting*.",
    resolution: str = "1. Install client 5.1.4",
    validated_by: Member | None = None,
    published: bool = False,
    tags: tuple[str, ...] = (),
) -> Article:
    space = thread.space if thread else space or a_space()
    content = Content(
        title=title,
        issue=issue,
        resolution=resolution,
        environment=[["System", "Windows 11"]],
        tags=list(tags),
    )
    article = operations.draft(
        content,
        author_id=(author or a_member()).id,
        space_id=space.id,
        audience=Audience.PUBLIC if space.is_open else Audience.SPACE,
        thread_id=thread.id if thread else None,
    )
    if validated_by is not None or published:
        checker = validated_by or a_member(role="agent")
        operations.validate(article, by_id=checker.id)
        if published:
            operations.publish(article, by_id=checker.id)
    db.session.flush()
    return article
