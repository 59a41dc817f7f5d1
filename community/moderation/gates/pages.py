"""Pages of those who say what is looked at before publishing: of a space, or (without one) of the installation."""

from dataclasses import asdict

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.policies import OPERATE
from community.core.app import limiter
from community.core.db import db, insert_once, utcnow
from community.core.policies import Actor, actor, allow, requires
from community.core.sensitive.trying import Unusable
from community.core.slots import fill
from community.core.web import section
from community.forum.composing.guarding_admin import WHY_NOT
from community.spaces.models import Space
from community.spaces.queries import by_slug

from . import closed, holding, watched
from .forms import HoldingForm, ReadOnlyForm, TrialForm, WordForm
from .models import GateRules, WatchedWord
from .policies import SET_GATES, can_set

gate_pages = Blueprint("gates", __name__)
Page = str | Response | tuple[str, int]
UNUSABLE = {**WHY_NOT, "long": _l("At most 80 characters for a word, 200 for a pattern.")}


@gate_pages.before_request
def mark_section() -> None:
    """Pages of a space stand among the spaces, the others in the administration."""
    section("spaces.index" if (request.view_args or {}).get("slug") else "operating.overview")


def _place(slug: str) -> Space | None:
    """The space of the address, or none for the whole installation; 404 and 403 as they are due."""
    space = (by_slug(actor(), slug) or abort(404)) if slug else None
    allow(can_set(actor(), space.id if space is not None else None))
    return space


def _row(space: Space | None) -> GateRules:
    scope = holding.scope_of(space.id if space is not None else None)
    insert_once(GateRules, scope=scope, space_id=space.id if space is not None else None, changed_at=utcnow())
    return db.session.get_one(GateRules, scope)


def _back(slug: str, page: str = "gates.rules") -> Response:
    return redirect(url_for(page, slug=slug))


@gate_pages.route("/admin/before-publishing", defaults={"slug": ""}, methods=["GET", "POST"])
@gate_pages.route("/spaces/<string:slug>/manage/before-publishing", methods=["GET", "POST"])
@requires(SET_GATES)
def rules(slug: str) -> Page:
    """What a person looks at first, with what is inherited, and whether anybody writes at all."""
    space = _place(slug)
    form = HoldingForm(obj=_present(space))
    if not form.validate_on_submit():
        return _rules_page(space, form, ReadOnlyForm(formdata=None)), 422 if form.errors else 200
    row = _row(space)
    for name in holding.NAMES:
        setattr(row, name, form[name].data)
    row.by_id, row.changed_at = actor().id, utcnow()
    flash(_("Saved. It holds for what is written from now on."), "good")
    return _back(slug)


def _present(space: Space | None) -> GateRules | None:
    return db.session.get(GateRules, holding.scope_of(space.id if space is not None else None))


def _rules_page(space: Space | None, form: HoldingForm, closing: ReadOnlyForm) -> str:
    scope = holding.scope_of(space.id if space is not None else None)
    rows = holding.rows_for(space.id if space is not None else None)
    row = rows.get(scope)
    return render_template(
        "moderation/gate_rules.html",
        space=space,
        operates=actor().can(OPERATE),
        form=form,
        closing=closing,
        inherited=asdict(holding.inherited(rows, scope)),
        closed=closed.said_read_only(row) if row is not None and row.is_read_only(utcnow()) else "",
        words=len(watched.words_for(space.id if space is not None else None)),
    )


@gate_pages.post("/admin/before-publishing/closing", defaults={"slug": ""})
@gate_pages.post("/spaces/<string:slug>/manage/before-publishing/closing")
@requires(SET_GATES)
def close(slug: str) -> Page:
    """Let nobody write but the staff, for a reason that everybody reads."""
    space, form = _place(slug), ReadOnlyForm()
    if not form.validate_on_submit():
        return _rules_page(space, HoldingForm(formdata=None, obj=_present(space)), form), 422
    row = _row(space)
    row.read_only_why, row.read_only_until = form.why.data, form.moment()
    row.by_id, row.changed_at = actor().id, utcnow()
    flash(_("Read-only from now on; the staff can still write."), "good")
    return _back(slug)


@gate_pages.post("/admin/before-publishing/opening", defaults={"slug": ""})
@gate_pages.post("/spaces/<string:slug>/manage/before-publishing/opening")
@requires(SET_GATES)
def open_again(slug: str) -> Response:
    """Let people write again."""
    row = _row(_place(slug))
    row.read_only_why, row.read_only_until = "", None
    flash(_("People can write again."), "good")
    return _back(slug)


@gate_pages.route("/admin/watched-words", defaults={"slug": ""}, methods=["GET", "POST"])
@gate_pages.route("/spaces/<string:slug>/manage/watched-words", methods=["GET", "POST"])
@requires(SET_GATES)
@limiter.limit("120 per hour", methods=["POST"])
def words(slug: str) -> Page:
    """What is watched for, and a form for more."""
    space, form = _place(slug), WordForm()
    if form.validate_on_submit() and _added(space, form):
        flash(_("“%(word)s” is watched for from now on.", word=form.text.data), "good")
        return _back(slug, "gates.words")
    return _words_page(space, form, TrialForm(formdata=None)), 422 if form.errors else 200


def _added(space: Space | None, form: WordForm) -> bool:
    space_id = space.id if space is not None else None
    present = watched.words_for(space_id, own=True)
    if any(one.text == form.text.data and one.look == form.look.data for one in present):
        form.text.errors = (_("It is watched for already."),)
        return False
    if len(present) >= watched.MOST:
        form.text.errors = (_("There are %(most)s already. Remove some first.", most=watched.MOST),)
        return False
    given = {"look": form.look.data, "text": form.text.data, "action": form.action.data}
    try:
        watched.add(space_id, **given, by_id=actor().id or 0)
    except Unusable as refused:
        form.text.errors = (str(UNUSABLE[refused.reason]),)
        return False
    return True


def _words_page(space: Space | None, form: WordForm, trying: TrialForm, **tried: object) -> str:
    space_id = space.id if space is not None else None
    own = watched.words_for(space_id, own=True)
    return render_template(
        "moderation/watched_words.html",
        space=space,
        form=form,
        trying=trying,
        rows=own,
        above=len(watched.words_for(None)) if space is not None else 0,
        actions=watched.ACTION_SAID,
        **{"tried": False, **tried},
    )


@gate_pages.post("/admin/watched-words/trial", defaults={"slug": ""})
@gate_pages.post("/spaces/<string:slug>/manage/watched-words/trial")
@requires(SET_GATES)
@limiter.limit("120 per hour")
def try_words(slug: str) -> Page:
    """What would be done about a text; it is kept nowhere."""
    space, trying = _place(slug), TrialForm()
    if not trying.validate_on_submit():
        return _words_page(space, WordForm(formdata=None), trying), 422
    known = watched.words_for(space.id if space is not None else None)
    hits = watched.hits(known, trying.trial.data)
    masked = watched.without(trying.trial.data, known)
    return _words_page(space, WordForm(formdata=None), trying, tried=True, hits=hits, masked=masked)


@gate_pages.post("/admin/watched-words/<int:word_id>/removal", defaults={"slug": ""})
@gate_pages.post("/spaces/<string:slug>/manage/watched-words/<int:word_id>/removal")
@requires(SET_GATES)
def remove_word(slug: str, word_id: int) -> Response:
    """Watch for it no longer."""
    space, row = _place(slug), db.session.get(WatchedWord, word_id)
    if row is None or row.space_id != (space.id if space is not None else None):
        abort(404)
    db.session.delete(row)
    flash(_("“%(word)s” is no longer watched for.", word=row.text), "good")
    return _back(slug, "gates.words")


@fill("space.manage")
def gates_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """For whoever looks after a space: what is looked at before publishing there."""
    rows = holding.rows_for(space_id)
    found = [row for row in rows.values() if row.is_read_only(utcnow())]
    return render_template(
        "moderation/gates_card.html",
        slug=slug,
        rules=holding.effective(rows, space_id),
        closed=closed.read_only(found),
        words=len(watched.words_for(space_id)),
        changes=can_set(actor, space_id),
    )
