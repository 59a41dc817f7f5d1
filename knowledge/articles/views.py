"""Reading articles, writing them from threads, and the verbs that make them trustworthy."""

from collections.abc import Callable
from typing import Protocol

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from community import public as community
from community.core.app import limiter
from community.core.numbers import whole_number
from community.core.paging import page_number
from community.core.policies import Actor, actor, allow, member_required, public
from community.core.web import section

from . import admitting, operations, pages, policies, queries
from .forms import ArticleForm
from .models import Article

knowledge = Blueprint("knowledge", __name__)

May = Callable[[Actor, Article], bool]


class Act(Protocol):
    """What a verb does to an article."""

    __name__: str

    def __call__(self, article: Article, *, by_id: int) -> None:
        """Do it in the name of the member with this id."""


def readable_article(article_id: int, *, lock: bool = False) -> Article:
    """The article, for whoever asks, or 404."""
    section("knowledge.index")
    return queries.article_for(actor(), article_id, lock=lock) or abort(404)


def allowed_article(article_id: int, may: May) -> Article:
    """The article, locked, for whoever may do this to it, or 404."""
    found = readable_article(article_id, lock=True)
    allow(may(actor(), found))
    return found


def to_article(article: Article) -> Response:
    """Back to the article's page."""
    return redirect(url_for("knowledge.article", article_id=article.id))


def done(article: Article, message: str) -> Response:
    """Say what happened, back on the article's page."""
    flash(message, "good")
    return to_article(article)


def my_id() -> int:
    """Id of the member who asks; only for views that members alone reach."""
    return actor().id or abort(404)


@knowledge.get("/knowledge")
@public
def index() -> str:
    """The articles, narrowed by the query string."""
    spaces = community.spaces_visible_to(actor())
    chosen = next((space for space in spaces if space.slug == request.args.get("space")), None)
    if request.args.get("space") and chosen is None:
        abort(404)
    narrowed = narrowed_to(chosen.id if chosen else None)
    found = queries.article_page(actor(), frozenset(space.id for space in spaces), narrowed, page_number())
    listed = {"page": pages.rows_of(found, spaces), "spaces": spaces, "chosen": chosen, "narrowed": narrowed}
    return render_template("knowledge/list.html", states=pages.STATES, languages=pages.LANGUAGES, **listed)


def narrowed_to(space_id: int | None) -> queries.Filter:
    """What the query string narrows the list to beside the space; a state that is none means published."""
    asked = request.args
    state = asked.get("state", "")
    return queries.Filter(
        space_id=space_id,
        tag=asked.get("tag", "")[:40],
        state=state if state in pages.STATES else "",
        language=asked.get("language", "")[:10],
    )


@knowledge.get("/articles/<int:article_id>")
@public
def article(article_id: int) -> str:
    """One article."""
    return render_template("knowledge/article.html", page=pages.article_page(actor(), readable_article(article_id)))


@knowledge.post("/threads/<int:thread_id>/article")
@member_required
@limiter.limit("30 per hour")
def draft(thread_id: int) -> Response:
    """Begin an article with what the thread holds, or go to the one there is."""
    thread = community.thread_for(actor(), thread_id) or abort(404)
    opening, answer = community.opening_and_answer(thread_id)
    existing, exists = queries.readable_source_article(actor(), thread_id)
    if existing is not None:
        return to_article(existing)
    allow(policies.can_draft(actor(), thread, answer.author.id if answer else None))
    if not exists:
        made = operations.draft_from_thread(thread, opening, answer, my_id())
        if made.author_id == my_id():
            return redirect(url_for("knowledge.edit", article_id=made.id))
    flash(_("Somebody else is writing an article from this thread already. You see it here once it is published."))
    return redirect(thread.url)


@knowledge.route("/articles/<int:article_id>/edit", methods=["GET", "POST"])
@member_required
def edit(article_id: int) -> str | Response | tuple[str, int]:
    """Change what it says."""
    found = readable_article(article_id, lock=request.method == "POST")
    allow(policies.can_edit(actor(), found))
    form, meanwhile = ArticleForm(found), None
    if form.validate_on_submit():
        meanwhile = _meanwhile(found, form)
        if meanwhile is None and (answer := _save(found, form)) is not None:
            return answer
    if not form.is_submitted():
        form.go_on(admitting.own_text(my_id(), found, whole_number(request.args.get("waiting", "")) or 0))
    waits = admitting.waits(my_id(), found)
    page = render_template("knowledge/edit.html", article=found, form=form, meanwhile=meanwhile, waits=waits)
    return page, 409 if meanwhile else 422 if form.errors else 200


def _save(article: Article, form: ArticleForm) -> Response | None:
    """Keep what was typed, or the way to where it waits; nothing where it is refused, with the words beside a field.

    What stands there already, as after a double click, is not saved once more.
    """
    if not form.fits(article):
        return done(article, _("It is saved. The text before is kept."))
    verdict = admitting.judged(article, form, actor())
    if verdict.outcome == community.Outcome.REFUSE:
        return None
    if verdict.holds:
        flash(_("Thank you. Somebody looks at it before others can read it; you are told what they decide."), "wait")
        return redirect(admitting.hold(article, form, actor(), verdict))
    reason, unfinished = form.reason.data or "", form.unfinished.data
    operations.edit(article, form.content(), editor_id=my_id(), reason=reason, unfinished=unfinished)
    return done(article, _("It is saved. The text before is kept."))


def _meanwhile(article: Article, form: ArticleForm) -> pages.Meanwhile | None:
    """What others saved since the form was opened; then the form says so, and its next saving is on top of that."""
    if form.fits(article) or operations.says(article, form.content()):
        return None
    found = pages.saved_meanwhile(article, form.revision.data or "") or abort(400)
    form.warn(found.by, found.changes)
    form.revision.data = str(article.revision_count)
    return found


def _performing(may: May, act: Act, message: LazyString) -> Callable[[int], Response]:
    @member_required
    def perform(article_id: int) -> Response:
        found = allowed_article(article_id, may)
        if request.form.get("revision", str(found.revision_count)) != str(found.revision_count):
            flash(_("Somebody changed it while you read. Please read it once more."), "wait")
            return to_article(found)
        act(found, by_id=my_id())
        return done(found, str(message))

    perform.__doc__ = act.__doc__
    return perform


for _noun, _may, _act, _message in (
    ("validation", policies.can_validate, operations.validate, _l("Thank you. It is validated now.")),
    (
        "publication",
        policies.can_publish,
        operations.publish,
        _l("It is published. Those who have the same problem are told."),
    ),
    ("archiving", policies.can_archive, operations.archive, _l("It is archived. Saving a new text brings it back.")),
):
    knowledge.add_url_rule(
        f"/articles/<int:article_id>/{_noun}",
        endpoint=_act.__name__,
        view_func=_performing(_may, _act, _message),
        methods=["POST"],
    )


@knowledge.post("/articles/<int:article_id>/feedback")
@member_required
@limiter.limit("60 per hour")
def feedback(article_id: int) -> Response:
    """Whether it helped: one answer for each member, which may change."""
    found = allowed_article(article_id, policies.can_give_feedback)
    answer = request.form.get("helped")
    if answer not in ("yes", "no"):
        abort(400)
    operations.give_feedback(found, member_id=my_id(), helped=answer == "yes")
    return redirect(url_for("knowledge.article", article_id=found.id, _anchor="feedback"))


@knowledge.get("/articles/<int:article_id>/revisions")
@public
def revisions(article_id: int) -> str:
    """What each save changed, newest first."""
    found = readable_article(article_id)
    drafts = policies.can_see_drafts(actor(), found)
    page, before = queries.revision_page(found, page_number(), drafts=drafts)
    steps = pages.revision_steps(found, page, before)
    can_edit = policies.can_edit(actor(), found)
    return render_template("knowledge/revisions.html", article=found, page=page, steps=steps, can_edit=can_edit)


@knowledge.post("/articles/<int:article_id>/revisions/<int:number>/restoration")
@member_required
def restore(article_id: int, number: int) -> Response:
    """Say again what a revision said."""
    found = allowed_article(article_id, policies.can_edit)
    revision = queries.revision(found.id, number) or abort(404)
    reason = _("Revision %(number)s restored", number=number)
    operations.restore(found, revision, editor_id=my_id(), reason=reason)
    return done(found, _("It says again what it said then. It has to be validated anew."))
