"""What somebody answered, as far as the reader may see it."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager

from community.core.addresses import address
from community.core.db import db
from community.core.paging import Page
from community.core.policies import Actor
from community.forum.models import Kind, Post, Thread
from community.forum.pages import state_key
from community.forum.queries import visible

ANSWERS_A_PAGE = 25


@dataclass(frozen=True)
class Answer:
    """A reply to a question: whether it was accepted, and how many found it helpful."""

    post: Post
    state: str
    url: str
    accepted: bool


def answers_of(member_id: int, actor: Actor, number: int) -> Page[Answer]:
    """One page of a person's replies to questions that the actor may read: accepted ones first, then newest first."""
    accepted = case((Thread.solution_id == Post.id, 0), else_=1)
    shown = (
        visible(actor),
        Post.author_id == member_id,
        Post.number > 1,
        Post.hidden_at.is_(None),
        Thread.kind == Kind.QUESTION,
    )
    counted = select(func.count(Post.id)).join(Post.thread).join(Thread.space).where(*shown)
    total = db.session.scalar(counted) or 0
    posts = db.session.scalars(
        select(Post)
        .join(Post.thread)
        .join(Thread.space)
        .where(*shown)
        .order_by(accepted, Post.created_at.desc(), Post.id.desc())
        .limit(ANSWERS_A_PAGE)
        .offset((number - 1) * ANSWERS_A_PAGE)
        .options(contains_eager(Post.thread).contains_eager(Thread.space))
    )
    return Page([_answer(post) for post in posts], number, ANSWERS_A_PAGE, total)


def _answer(post: Post) -> Answer:
    url = address("forum.post", post_id=post.id)
    return Answer(post, state_key(post.thread), url, post.thread.solution_id == post.id)
