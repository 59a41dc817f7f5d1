"""Pages of pools, questions and answers."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import db
from community.core.markup import render
from community.core.numbers import whole_number
from community.core.policies import Actor, actor, allow, requires
from community.core.slots import fill
from community.core.web import section
from community.forum.composing import admitting
from community.forum.composing.files import reads_too
from community.forum.composing.gates import Verdict, Way
from community.forum.models import Attachment, Thread
from community.forum.policies import can_reply
from community.forum.queries import thread_for
from community.forum.views import to_thread

from ..policies import ENTER, RUN, inside
from . import operations, policies, queries
from .forms import AnswerForm, AskForm, PoolForm
from .models import ExpertPool, ExpertQuestion
from .words import lasted

experts = Blueprint("experts", __name__)
Page = str | Response | tuple[str, int]


@experts.before_request
def only_inside() -> None:
    """Nobody else finds any of these pages."""
    allow(inside(actor()))
    section("inner.index")


@experts.get("/inner/experts")
@requires(ENTER)
def index() -> str:
    """What one asked, what waits for one's answer, and whom one can ask."""
    asked, pools = queries.questions(actor()), queries.listed()
    may_run = actor().can(RUN)
    return render_template(
        "superusers/inner/experts/list.html", questions=asked, pools=pools, can_run=may_run, lasted=lasted
    )


def _pool_page(pool: ExpertPool | None) -> Page:
    form = PoolForm(pool, queries.experts_of(pool.id) if pool else ())
    if form.validate_on_submit():
        operations.write_pool(
            pool or ExpertPool(),
            name=form.name.data,
            about=form.about.data or "",
            tags=form.names_of_tags,
            member_ids=form.member_ids,
        )
        flash(_("The pool is saved."), "good")
        return redirect(url_for("experts.index"))
    page = render_template("superusers/inner/experts/pool.html", form=form, pool=pool)
    return page, 422 if form.errors else 200


@experts.route("/inner/experts/pools/new", methods=["GET", "POST"])
@requires(RUN)
def new_pool() -> Page:
    """Make a pool."""
    return _pool_page(None)


@experts.route("/inner/experts/pools/<int:pool_id>", methods=["GET", "POST"])
@requires(RUN)
def pool(pool_id: int) -> Page:
    """Change a pool."""
    return _pool_page(db.session.get(ExpertPool, pool_id) or abort(404))


def _asked_from() -> Thread | None:
    """The thread for whose sake one asks, if the address names one that one reads."""
    given = request.args.get("thread", "")
    if not given:
        return None
    return thread_for(actor(), whole_number(given) or 0) or abort(404)


@experts.route("/inner/experts/ask", methods=["GET", "POST"])
@requires(ENTER)
def ask() -> Page:
    """Ask a pool; `?thread=` names the thread for whose sake."""
    thread = _asked_from()
    form = AskForm(title=thread.title if thread and _is_open(thread) else "")
    form.offer(queries.pools(), thread.tags if thread else ())
    if form.validate_on_submit():
        made = operations.ask(
            form.pools[form.pool.data],
            asker_id=actor().id or 0,
            title=form.title.data,
            body=form.body.data,
            thread_id=thread.id if thread else None,
        )
        flash(_("The experts are told. You hear of it as soon as somebody answers."), "good")
        return redirect(url_for("experts.question", question_id=made.id))
    page = render_template("superusers/inner/experts/ask.html", form=form, thread=thread)
    return page, 422 if form.errors else 200


def _is_open(thread: Thread) -> bool:
    """Whether everybody reads it, so that its title may stand where all super users read."""
    return thread.space.is_open and not thread.restricted and thread.organisation_id is None


def _seen(question_id: int, *, lock: bool = False) -> ExpertQuestion:
    return queries.shown(actor(), question_id, lock=lock) or abort(404)


def _back(question_id: int) -> Response:
    return redirect(url_for("experts.question", question_id=question_id))


@experts.get("/inner/experts/questions/<int:question_id>")
@requires(ENTER)
def question(question_id: int) -> str:
    """One question, for who asked, the pool, and who runs the programme."""
    return _page(_seen(question_id), AnswerForm(formdata=None))


def _page(asked: ExpertQuestion, form: AnswerForm) -> str:
    mine = queries.pools_of(actor())
    thread = thread_for(actor(), asked.thread_id) if asked.thread_id else None
    return render_template(
        "superusers/inner/experts/question.html",
        question=asked,
        thread=thread,
        takes=policies.can_take(actor(), asked, mine),
        answers=policies.can_answer(actor(), asked, mine),
        publishes=thread is not None and _may_publish(asked, thread),
        form=form,
        lasted=lasted,
    )


def _may_publish(asked: ExpertQuestion, thread: Thread) -> bool:
    return policies.can_publish(actor(), asked) and can_reply(actor(), thread)


@experts.post("/inner/experts/questions/<int:question_id>/taking")
@requires(ENTER)
def take(question_id: int) -> Response:
    """Say that one answers it."""
    asked = _seen(question_id, lock=True)
    mine = queries.pools_of(actor())
    if asked.taken_by_id is not None and asked.pool_id in mine:
        flash(_("Somebody else has just taken it."), "wait")
        return _back(question_id)
    allow(policies.can_take(actor(), asked, mine))
    operations.take(asked, by_id=actor().id or 0)
    return _back(question_id)


@experts.post("/inner/experts/questions/<int:question_id>/return")
@requires(ENTER)
def give_back(question_id: int) -> Response:
    """Let somebody else of the pool answer."""
    asked = _seen(question_id, lock=True)
    allow(policies.can_answer(actor(), asked, queries.pools_of(actor())))
    operations.give_back(asked)
    flash(_("Somebody else of the pool can take it now."), "good")
    return _back(question_id)


@experts.post("/inner/experts/questions/<int:question_id>/answer")
@requires(ENTER)
def answer(question_id: int) -> Page:
    """Answer it."""
    asked, form = _seen(question_id, lock=True), AnswerForm()
    allow(policies.can_answer(actor(), asked, queries.pools_of(actor())))
    if not form.validate_on_submit():
        return _page(asked, form), 422
    operations.answer(asked, form.body.data, by_id=actor().id or 0)
    flash(_("Your answer is on its way."), "good")
    return _back(question_id)


def _judged(form: AnswerForm, thread: Thread) -> Verdict:
    """What the gates say of it, as of any reply; nothing of it is held back."""
    about = admitting.writing(Way.REPLY, form, space_id=thread.space_id, thread_id=thread.id)
    return admitting.judged(form, about, holds=False)


@experts.route("/inner/experts/questions/<int:question_id>/publication", methods=["GET", "POST"])
@requires(ENTER)
def publish(question_id: int) -> Page:
    """See what everybody would read, and publish it in the thread."""
    asked = _seen(question_id, lock=request.method == "POST")
    thread = thread_for(actor(), asked.thread_id or 0) or abort(404)
    allow(_may_publish(asked, thread))
    form = AnswerForm(body=operations.for_everybody(asked))
    if form.validate_on_submit() and (verdict := _judged(form, thread)).goes:
        verdict.published(operations.publish(asked, thread, form.body.data, by_id=actor().id or 0))
        flash(_("The answer stands in the thread now."), "good")
        return to_thread(thread)
    html = render(form.body.data or "").html
    page = render_template(
        "superusers/inner/experts/publish.html", question=asked, thread=thread, form=form, preview_html=html
    )
    return page, 422 if form.errors else 200


@reads_too
def reads_file(actor: Actor, attachment: Attachment) -> bool:
    """Whoever sees a question to experts reads the files in it, and in its answer."""
    return queries.shows_file(actor, attachment)


@fill("inner.index")
def asked_lately(*, actor: Actor) -> str:
    """What one asked or may answer, on the page for super users."""
    found = queries.questions(actor)[:5]
    return render_template("superusers/inner/experts/lately.html", questions=found, lasted=lasted)


@fill("thread.more")
def ask_from_thread(*, thread_id: int, **_others: object) -> str:
    """The way from a thread to the experts, for who is inside."""
    if not inside(actor()):
        return ""
    return render_template("superusers/inner/experts/from_thread.html", thread_id=thread_id)
