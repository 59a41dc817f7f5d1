"""Measures taken where somebody reads: hiding, closing, editing and moving what others wrote."""

from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from community.accounts.models import Member
from community.core.db import db
from community.core.policies import Actor
from community.forum import operations
from community.forum.arranging import measuring
from community.forum.arranging import operations as arranging
from community.forum.models import Post, Thread
from community.spaces.models import Space

from . import cases, measures, policies, targets
from .kinds import case_kind
from .measures import MeasureKind, register_measure
from .models import Measure
from .rules import REASONS
from .targets import Target
from .words import rule_said


def named_rules() -> list[tuple[str, str]]:
    """The rules that a moderator can name, each with its words."""
    return [("charter", rule_said("charter")), *((key, rule_said(key)) for key in REASONS if key != "other")]


def _about(post: Post) -> Target:
    kind, id_ = ("thread", post.thread_id) if post.opens else ("post", post.id)
    target = targets.look(kind, id_)
    return target or abort(404)


def _author(post: Post | Thread) -> Member:
    return db.session.get_one(Member, post.author_id)


def hide(actor: Actor, post: Post, rule: str, words: str) -> str:
    """Take it from view, and settle what was reported about it; words of other super users wait for a manager."""
    target, author, me = _about(post), _author(post), actor.id or 0
    if not policies.can_measure(actor, author):
        return _ask_a_manager(actor, target, rule, words)
    kind, case = case_kind("flag"), cases.waiting_case("flag", target.kind, target.id)
    if author.is_staff:  # what colleagues wrote is put right, which is no measure
        operations.hide_post(post, by_id=me, reason=words)
    elif case is not None and kind is not None and policies.can_review(actor, case):
        case.rule = rule
        cases.decide(case, kind.by_key["hide"], by_id=me, words=words)
    else:
        measures.take("hide", **_against(target, rule, words, me), removed=target.words)
    return _("It is hidden. It can be shown again at any time.")


def _against(target: Target, rule: str, words: str, by_id: int) -> dict[str, Any]:
    return {
        "rule": rule,
        "member_id": target.author_id,
        "by_id": by_id,
        "space_id": target.space_id,
        "target_kind": target.kind,
        "target_id": target.id,
        "words": words,
    }


def _ask_a_manager(actor: Actor, target: Target, rule: str, words: str) -> str:
    case = cases.open_case(
        "flag",
        target.kind,
        target.id,
        rule=rule,
        space_id=target.space_id,
        member_id=target.author_id,
        staff_only=True,
        by_id=actor.id,
    )
    case.staff_only, case.note = True, f"{actor.name}: {words}"
    return _("A manager decides about it, for nobody takes measures against their own colleagues.")


def restore(actor: Actor, post: Post) -> None:
    """Show it again: whatever measure keeps it from view ends, and its author's own taking back too."""
    target = _about(post)
    for measure in measures.all_standing_against(target.kind, target.id, "hide"):
        measures.end(measure, by_id=actor.id, how="lifted")
    db.session.refresh(post)
    db.session.refresh(post.thread)
    if (post.thread if post.opens else post).hidden_at is not None:
        operations.restore_post(post, by_id=actor.id or 0)


def close(actor: Actor, thread: Thread, rule: str, words: str) -> str:
    """Close somebody else's thread."""
    target = targets.look("thread", thread.id)
    if target is None or _author(thread).is_staff or not policies.can_measure(actor, _author(thread)):
        operations.close(thread, by_id=actor.id or 0, reason=words)
    else:
        measures.take("lock", **_against(target, rule, words, actor.id or 0))
    return _("It is closed.")


def reopen(actor: Actor, thread: Thread) -> None:
    """Take replies again; nobody lifts what stands against themselves."""
    standing = measures.all_standing_against("thread", thread.id, "lock")
    if any(measure.member_id == actor.id and measure.by_id != actor.id for measure in standing):
        abort(404)
    for measure in standing:
        measures.end(measure, by_id=actor.id, how="lifted")
    db.session.refresh(thread)
    if thread.closed_at is not None:
        operations.reopen(thread, by_id=actor.id or 0)


def holds(post: Post) -> bool:
    """Whether a measure keeps the post from view."""
    kind, id_ = ("thread", post.thread_id) if post.opens else ("post", post.id)
    return bool(measures.all_standing_against(kind, id_, "hide"))


def edited(actor: Actor, post: Post, rule: str, words: str, before: dict[str, str]) -> None:
    """Keep that a text was changed by a rule."""
    now = {"body": post.body, "title": post.thread.title if post.opens else ""}
    if now == before or _author(post).is_staff or not policies.can_measure(actor, _author(post)):
        return
    about = {"was": before, "became": now}
    against = _against(_about(post), rule, words, actor.id or 0)
    measures.take("edit", **against, removed=before["body"][:2000], about=about)


def moved(actor: Actor, thread: Thread, rule: str, words: str, from_space_id: int) -> None:
    """Keep that a thread was put elsewhere by a rule."""
    target = targets.look("thread", thread.id)
    if target is None or _author(thread).is_staff or not policies.can_measure(actor, _author(thread)):
        return
    about = {"from": from_space_id, "to": thread.space_id}
    measures.take("move", **_against(target, rule, words, actor.id or 0), about=about)


def _as_before(measure: Measure) -> dict[str, Any]:
    return dict(measure.before)


def _post_of(measure: Measure) -> Post:
    own = Post.id == measure.target_id
    opening = (Post.thread_id == measure.target_id) & (Post.number == 1)
    return db.session.scalars(select(Post).where(opening if measure.target_kind == "thread" else own)).one()


def _unedit(measure: Measure, by_id: int | None) -> None:
    """The words before, unless somebody changed the text since."""
    post, was, became = _post_of(measure), measure.before["was"], measure.before["became"]
    title = post.thread.title if post.opens else ""
    if {"body": post.body, "title": title} == became:
        operations.edit_post(post, editor_id=by_id or post.author_id, body=was["body"], title=was["title"])


def _unmove(measure: Measure, by_id: int | None) -> None:
    """Back to the space before, unless it was moved on since."""
    thread = db.session.get_one(Thread, measure.target_id)
    home = db.session.get(Space, measure.before["from"])
    if home is not None and thread.space_id == measure.before["to"] and thread.merged_into_id is None:
        arranging.move(thread, home, by_id=by_id or thread.author_id, reason=rule_said(measure.rule))


register_measure(MeasureKind("edit", _l("Text changed"), _l("What you wrote was changed"), _as_before, _unedit))
register_measure(
    MeasureKind("move", _l("Put into another space"), _l("Your thread was put into another space"), _as_before, _unmove)
)
measuring.register(
    measuring.Measuring(named_rules, hide, restore, close, reopen, holds, edited, moved),
)
