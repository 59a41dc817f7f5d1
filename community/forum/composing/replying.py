"""Replies that are typed on pages of the packages above."""

from community.core.db import db
from community.core.policies import Actor

from ..models import Thread
from . import again
from .gates import Kept, Verdict, Writing, hold
from .publishing import Typed, publish


def put_reply(who: Actor, about: Writing, verdict: Verdict) -> str:
    """Publish a reply as the gates let it go, or keep it until somebody looked at it: where it waits then, else "".

    The same words sent twice in a row are one reply.
    """
    typed = Typed(verdict.body_of(about.body), thread_id=about.thread_id)
    if verdict.holds:
        return hold(who, Kept(about, typed), verdict)
    if again.reply(db.session.get_one(Thread, about.thread_id), author_id=about.who, body=typed.body) is None:
        verdict.published(publish(typed, author_id=about.who))
    return ""
