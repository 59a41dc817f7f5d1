"""The gate of moderation: asked once for everything that a person is about to publish."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.core.policies import Actor
from community.forum.composing.gates import GO, Outcome, Verdict, Way, Writing, register_gate
from community.forum.models import Post

from ..cases import open_case
from ..rules import SUPER_USER_LEVEL
from ..standing import trust
from ..words import name_rule
from . import closed, pace, watched
from .holding import effective, limits_on, rows_for, why_held
from .models import Action, WatchedWord
from .watched import Hit

LONGEST_FOUND = 100

name_rule("first_posts", _l("Somebody looks at the first posts of a person."))
name_rule("newcomer_links", _l("Links of newcomers are looked at first."))
name_rule("too_fast", _l("It was written faster than people type."))
name_rule("alike", _l("It is like something that was written a short while ago."))
name_rule("watched", _l("A watched word stands in it."))


def gate(who: Actor, writing: Writing) -> Verdict:
    """Let it out, hold it, or refuse it with a message. The staff writes as it likes; one joins what is read-only."""
    if who.is_staff:
        return GO
    rules = rows_for(writing.space_id)
    level = trust(who, writing.space_id)
    usual = level < SUPER_USER_LEVEL
    message = closed.silenced(who) or (closed.read_only(rules.values()) if who.is_member else "")
    if not message and usual:
        message = closed.too_soon_in_thread(writing) or _too_much(writing, level)
    if message:
        return Verdict(Outcome.REFUSE, message=message)
    if not usual:
        return GO
    about_words = _by_words(writing)
    if about_words.outcome == Outcome.REFUSE or writing.kind in (Way.MESSAGE, Way.SUGGESTION):
        return about_words
    held = why_held(writing, effective(rules, writing.space_id), level)
    if held is None:
        return about_words
    return replace(about_words, outcome=Outcome.HOLD, rule=held.rule, why=held.found, then=None)


def _too_much(writing: Writing, level: int) -> str:
    """Messages have limits of their own, and each suggested edit is looked at."""
    if not limits_on() or writing.kind in (Way.MESSAGE, Way.SUGGESTION):
        return ""
    return pace.refusal(writing, level)


def _by_words(writing: Writing) -> Verdict:
    words = watched.words_for(writing.space_id)
    if not words:
        return GO
    text = "\n".join((writing.title, writing.body, writing.more))
    found = watched.new_hits(words, text, writing.before)
    if hit := watched.strongest(found, Action.REFUSE):
        message = _("“%(word)s” is not published here. Please say it differently.", word=_shown(hit))
        in_title = bool(watched.hits([hit.word], writing.title))
        return Verdict(Outcome.REFUSE, "watched", _shown(hit), message=message, in_title=in_title)
    put = _masked(writing, words)
    if hit := watched.strongest(found, Action.HOLD):
        return replace(put, outcome=Outcome.HOLD, rule="watched", why=_shown(hit))
    hit = watched.strongest(found, Action.FLAG)
    return replace(put, then=partial(_report, about=writing, found=_shown(hit))) if hit else put


def _masked(writing: Writing, words: Sequence[WatchedWord]) -> Verdict:
    mask = partial(watched.without, words=words)
    title, body = mask(writing.title), mask(writing.body)
    same = (title, body, mask(writing.more)) == (writing.title, writing.body, writing.more)
    return Verdict(
        title=title if title != writing.title else None,
        body=body if body != writing.body else None,
        mask=None if same else mask,
    )


def _shown(hit: Hit) -> str:
    return " ".join(hit.found.split())[:LONGEST_FOUND]


def _report(post: Post | None, *, about: Writing, found: str) -> None:
    """A case for those who review, as if somebody had reported it: the post, or whoever wrote what is none."""
    why = [{"found": found}]
    if post is None:
        if about.who:
            open_case("flag", "member", about.who, rule="watched", member_id=about.who, space_id=None, why=why)
        return
    thread = post.thread
    open_case(
        "flag",
        "thread" if post.opens else "post",
        thread.id if post.opens else post.id,
        rule="watched",
        space_id=thread.space_id,
        member_id=post.author_id,
        staff_only=thread.restricted or thread.organisation_id is not None,
        why=why,
    )


register_gate(gate)
