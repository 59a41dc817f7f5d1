"""Threads, replies and edits that wait: published through the same operations as ever, and taken back to waiting."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.accounts.loading import actor_for
from community.core.db import db
from community.forum import operations, policies
from community.forum.composing.gates import Way
from community.forum.composing.publishing import Typed, is_unchanged, place_of, publish
from community.forum.models import Post
from community.spaces.models import Space
from community.spaces.policies import can_start_in

from .. import measures
from ..targets import target_kind
from ..words import BY_RULE
from .held_kinds import HeldKind, Waiting, register_held_kind

Data = dict[str, Any]


def _typed(waiting: Waiting) -> Typed:
    return Typed.from_kept(waiting.typed)


def _can_start(waiting: Waiting) -> bool:
    typed, actor = _typed(waiting), actor_for(waiting.member_id)
    space = db.session.get(Space, typed.space_id) if typed.space_id is not None else None
    return space is not None and can_start_in(actor, space) and policies.can_start(actor, typed.kind)


def _can_reply(waiting: Waiting) -> bool:
    thread, actor = place_of(_typed(waiting)), actor_for(waiting.member_id)
    return thread is not None and policies.can_read_thread(actor, thread) and policies.can_reply(actor, thread)


def _can_edit(waiting: Waiting) -> bool:
    typed, actor = _typed(waiting), actor_for(waiting.member_id)
    thread, post = place_of(typed), db.session.get(Post, typed.post_id)
    if thread is None or post is None or not policies.can_read_thread(actor, thread):
        return False
    return post.hidden_at is None and thread.closed_at is None and is_unchanged(typed)


def _post(waiting: Waiting) -> Post | None:
    post_id = waiting.before.get("post")
    return db.session.get(Post, post_id) if post_id is not None else None


def _about(post: Post) -> tuple[str, int]:
    return ("thread", post.thread_id) if post.opens else ("post", post.id)


def _publish(waiting: Waiting, by_id: int) -> Data:
    """What was published before is shown again: its address, its place and who was told of it stay."""
    post = _post(waiting)
    if post is None:
        return {"post": publish(_typed(waiting), author_id=waiting.member_id).id}
    kind, id_ = _about(post)
    known, before = target_kind(kind), dict(waiting.before.get("hidden", {}))
    standing = measures.all_standing_against(kind, id_, "hide")
    for measure in standing:  # it keeps the post from view; whoever ends it shows the post as it was
        measure.before = before if measure.before.get("hidden") else measure.before
    if not standing and known is not None and known.show is not None:
        known.show(id_, before, by_id)
    return {"post": post.id}


def _stands(waiting: Waiting) -> bool:
    post = _post(waiting)
    return post is not None and (post.thread if post.opens else post).hidden_at is None


def _withdraw(waiting: Waiting, by_id: int) -> Data:
    post = _post(waiting)
    known = target_kind(_about(post)[0]) if post is not None else None
    if post is None or known is None or known.hide is None:
        raise LookupError(f"what was published of {waiting.id} is gone")
    return {"post": post.id, "hidden": known.hide(_about(post)[1], f"{BY_RULE}{waiting.rule}", by_id)}


def _said(post: Post) -> Data:
    if not post.opens:
        return {"body": post.body}
    thread = post.thread
    return {"body": post.body, "title": thread.title, "fields": list(thread.fields), "tags": list(thread.tags)}


def _publish_edit(waiting: Waiting, _by_id: int) -> Data:
    typed = _typed(waiting)
    was = _said(db.session.get_one(Post, typed.post_id))
    post = publish(typed, author_id=waiting.member_id)
    return {"post": post.id, "was": was, "became": _said(post)}


def _edit_stands(waiting: Waiting) -> bool:
    post = _post(waiting)
    return post is not None and post.hidden_at is None and _said(post) == waiting.before.get("became")


def _withdraw_edit(waiting: Waiting, by_id: int) -> Data:
    post, was = _post(waiting), waiting.before["was"]
    if post is None:
        raise LookupError(f"what was published of {waiting.id} is gone")
    reason = _("Waits for approval again")
    texts = {"body": was["body"], "title": was.get("title", "")}
    operations.edit_post(post, editor_id=by_id, **texts, fields=was.get("fields"), reason=reason)
    if post.opens:
        operations.retag(post.thread, was["tags"])
    return {}


def _place(waiting: Waiting) -> str:
    """The post, once there is one; else the thread that it is meant for."""
    if "post" in waiting.before:
        return url_for("forum.post", post_id=waiting.before["post"])
    thread = place_of(_typed(waiting))
    return url_for("forum.thread", thread_id=thread.id) if thread is not None else ""


register_held_kind(HeldKind(Way.THREAD, _l("New thread"), _can_start, _publish, _stands, _withdraw, _place))
register_held_kind(HeldKind(Way.REPLY, _l("Reply"), _can_reply, _publish, _stands, _withdraw, _place))
register_held_kind(HeldKind(Way.EDIT, _l("Edit"), _can_edit, _publish_edit, _edit_stands, _withdraw_edit, _place))
