"""Threads: reading, asking, replying, editing, and the small verbs."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WsgiResponse

from community.core import pages as kept_pages
from community.core.app import limiter
from community.core.markup import render
from community.core.paging import page_number
from community.core.policies import actor, allow, member_required, public
from community.core.web import section
from community.spaces.queries import all_visible_to

from . import operations, policies, queries, viewing
from .forms import EditForm, EditThreadForm, ReplyForm, ThreadForm, split_tags
from .models import Post, Thread
from .origin import came_from
from .pages import thread_page

forum = Blueprint("forum", __name__)


def readable_thread(thread_id: int) -> Thread:
    """The thread, for whoever asks, or 404."""
    return queries.thread_for(actor(), thread_id) or abort(404)


def readable_post(post_id: int) -> Post:
    """The post, for whoever asks, or 404."""
    return queries.post_for(actor(), post_id) or abort(404)


def to_thread(thread: Thread, *, anchor: str = "") -> WsgiResponse:
    """Back to the thread's page."""
    return redirect(url_for("forum.thread", thread_id=thread.id, _anchor=anchor or None))


def to_post(post: Post) -> WsgiResponse:
    """To the page on which the post stands."""
    number = max(1, -(-(post.number - 1) // queries.POSTS_A_PAGE))
    page = number if number > 1 else None
    return redirect(url_for("forum.thread", thread_id=post.thread_id, page=page, _anchor=f"post-{post.id}"))


@forum.get("/threads/<int:thread_id>")
@public
def thread(thread_id: int) -> str | Response:
    """A thread; for people who are not signed in it is kept until something on it changes."""
    if not kept_pages.may_be_kept():
        found = readable_thread(thread_id)
        viewing.count(thread_id)
        return show(found, ReplyForm())
    stamp = queries.stamp(thread_id) or abort(404)
    viewing.count(thread_id)
    key = kept_pages.key_of("thread", *stamp)
    present = kept_pages.kept(key)
    return present or kept_pages.keep(key, show(readable_thread(thread_id), ReplyForm(meta={"csrf": False})))


def show(thread: Thread, form: ReplyForm) -> str:
    """The thread's page with this reply form."""
    page = thread_page(thread, page_number(), actor())
    if page_number() > page.replies.pages:
        abort(404)
    return render_template("forum/thread.html", page=page, thread=thread, form=form)


@forum.get("/posts/<int:post_id>")
@public
def post(post_id: int) -> WsgiResponse:
    """A post's own address leads to its place in the thread."""
    return to_post(readable_post(post_id))


@forum.route("/ask", methods=["GET", "POST"])
@member_required
@limiter.limit("30 per hour", methods=["POST"])
def ask() -> str | WsgiResponse | tuple[str, int]:
    """Begin a thread."""
    section("forum.ask")
    spaces, form = all_visible_to(actor()), ThreadForm(title=request.args.get("title"))
    form.offer(spaces, actor())
    if form.validate_on_submit():
        chosen = next(space for space in spaces if space.slug == form.space.data)
        started = operations.start_thread(
            space=chosen,
            author_id=actor().id or 0,
            kind=form.kind.data,
            title=form.title.data,
            body=form.body.data,
            tags=split_tags(form.tags.data),
        )
        return to_thread(started)
    if not form.is_submitted():
        form.space.data = came_from({space.slug for space in spaces})
    return render_template("forum/ask.html", form=form), 422 if form.errors else 200


@forum.post("/threads/<int:thread_id>/replies")
@member_required
@limiter.limit("60 per hour")
def reply(thread_id: int) -> WsgiResponse | tuple[str, int]:
    """Reply; the same words sent twice in a row are one reply."""
    thread = readable_thread(thread_id)
    allow(policies.can_reply(actor(), thread))
    form = ReplyForm()
    if not form.validate_on_submit():
        return show(thread, form), 422
    again = queries.last_post_by(thread, actor().id or 0)
    if again is not None and again.body == form.body.data:
        return to_post(again)
    target = form.reply_to.data or ""
    replied = operations.reply(
        thread,
        author_id=actor().id or 0,
        body=form.body.data,
        reply_to_id=queries.post_id_within(thread, int(target)) if target.isdigit() and len(target) < 12 else None,
    )
    return to_post(replied)


@forum.post("/preview")
@member_required
@limiter.limit("120 per minute")
def preview() -> str | tuple[str, int]:
    """A text as it will look, by the same renderer."""
    text = request.form.get("text", "")
    if len(text) > 30_000:
        return _("This is longer than 30,000 characters."), 422
    return render(text).html


@forum.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@member_required
def edit(post_id: int) -> str | WsgiResponse | tuple[str, int]:
    """Change a post; the text before is kept."""
    post = readable_post(post_id)
    allow(policies.can_edit(actor(), post))
    form = _edit_form(post)
    if form.validate_on_submit():
        title = form.title.data if isinstance(form, EditThreadForm) else ""
        operations.edit_post(
            post, editor_id=actor().id or 0, body=form.body.data, title=title, reason=form.reason.data or ""
        )
        if isinstance(form, EditThreadForm):
            operations.retag(post.thread, split_tags(form.tags.data))
        return to_post(post)
    return render_template("forum/edit.html", form=form, post=post), 422 if form.errors else 200


def _edit_form(post: Post) -> EditForm:
    if not post.opens:
        return EditForm(body=post.body)
    return EditThreadForm(body=post.body, title=post.thread.title, tags=" ".join(post.thread.tags))


@forum.get("/posts/<int:post_id>/revisions")
@public
def revisions(post_id: int) -> str:
    """How a post came to read as it does."""
    post = readable_post(post_id)
    return render_template("forum/revisions.html", post=post, steps=queries.revision_steps(post))


@forum.post("/posts/<int:post_id>/helpful")
@member_required
@limiter.limit("200 per hour")
def helpful(post_id: int) -> WsgiResponse:
    """Find a post helpful, or take that back."""
    post = readable_post(post_id)
    allow(policies.can_vote(actor(), post))
    if not operations.mark_helpful(post, member_id=actor().id or 0):
        operations.unmark_helpful(post, member_id=actor().id or 0)
    return to_post(post)


@forum.post("/threads/<int:thread_id>/have-too")
@member_required
@limiter.limit("200 per hour")
def have_too(thread_id: int) -> WsgiResponse:
    """Say that one has the problem too, or take that back."""
    thread = readable_thread(thread_id)
    allow(policies.can_have_too(actor(), thread))
    if not operations.have_too(thread, member_id=actor().id or 0):
        operations.no_longer_have_too(thread, member_id=actor().id or 0)
    return to_thread(thread)


@forum.post("/posts/<int:post_id>/acceptance")
@member_required
def accept(post_id: int) -> WsgiResponse:
    """Accept a reply as the answer."""
    post = readable_post(post_id)
    allow(policies.can_accept(actor(), post.thread) and not post.opens and post.hidden_at is None)
    operations.accept(post.thread, post, by_id=actor().id or 0)
    flash(_("The answer is accepted. Thank you for saying so."), "good")
    return to_thread(post.thread)


@forum.post("/threads/<int:thread_id>/solution/withdrawal")
@member_required
def unaccept(thread_id: int) -> WsgiResponse:
    """Take the accepted answer back."""
    thread = readable_thread(thread_id)
    allow(policies.can_accept(actor(), thread))
    operations.unaccept(thread, by_id=actor().id or 0)
    flash(_("The answer is no longer accepted; the thread is open again."), "good")
    return to_thread(thread)
