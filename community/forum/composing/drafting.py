"""Drafts of threads, replies and edits: kept while somebody writes, listed, and put back into their forms."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NoReturn

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WsgiResponse

from community.core.app import limiter
from community.core.db import let_stay
from community.core.forms import clean, seen
from community.core.numbers import whole_number
from community.core.policies import actor, allow, member_required
from community.drafts import operations
from community.drafts import queries as kept
from community.drafts.models import Draft, DraftKind, Place
from community.drafts.operations import Basis, Words

from .. import policies, queries
from ..arranging.queries import successor
from .listed_drafts import DraftRow, address_of, rows

drafts = Blueprint("drafts", __name__)

LONGEST = 60_000  # characters of a text that is kept: twice what a post may have
LONGEST_FIELD, MOST_FIELDS = 2_000, 40
_OWN = {"draft_for", "draft_id", "draft_version", "draft_writer", "opened"}
CARRIED = frozenset({"csrf_token", "title", "body", "space", *_OWN})


@dataclass(frozen=True)
class Begun:
    """What a form knows of its draft: where it belongs, the draft it goes on with, and other versions of it."""

    place: str
    id: int = 0
    version: int = 0
    at: datetime | None = None
    others: Sequence[DraftRow] = ()
    fields: MultiDict[str, str] | None = None

    @property
    def put_back(self) -> dict[str, Any]:
        """What a form takes to show the draft; nothing where there is none."""
        return {} if self.fields is None else {"formdata": self.fields}


def begun(place: Place, *, quiet: bool = False) -> Begun:
    """The newest draft for a place, or the one that the address names. With `?new=1` or `quiet` none is put back."""
    if request.method == "POST":
        basis = _basis()
        return going_on(Begun(place.key, basis.draft_id, basis.version))
    found = kept.at_place(actor().id or 0, place)
    named = request.args.get("draft", type=int)
    newest = None if quiet or "new" in request.args else next(iter(found), None)
    chosen = next((draft for draft in found if draft.id == named), newest)
    others = rows(actor(), [draft for draft in found if draft is not chosen])
    if chosen is None:
        return Begun(place.key, others=others)
    return Begun(place.key, chosen.id, chosen.version, chosen.updated_at, others, _fields_of(chosen))


def _fields_of(draft: Draft) -> MultiDict[str, str]:
    fields: MultiDict[str, str] = MultiDict(draft.fields)
    for name in ("title", "body", "space"):
        fields[name] = getattr(draft, name)
    return fields


def thread_begun() -> Begun:
    """What was begun of a new thread; who comes with a title begins another."""
    return begun(Place(DraftKind.THREAD), quiet=bool(request.args.get("title")))


def reply_begun(thread_id: int, *, has_draft: bool) -> Begun:
    """What was begun of a reply; asks the database only where there is something."""
    place = Place(DraftKind.REPLY, thread_id)
    return begun(place) if has_draft or request.method == "POST" else Begun(place.key)


def edit_begun(post_id: int) -> Begun:
    """What was begun of an edit."""
    return begun(Place(DraftKind.EDIT, post_id))


def published(kind: DraftKind, target_id: int, body: str) -> None:
    """What the present form carried has become a post; a form without a draft costs no statement."""
    if draft_id := _basis().draft_id:
        operations.published(actor().id or 0, Place(kind, target_id), body=body, draft_id=draft_id)


def keep_refused(place: Place, words: Words) -> None:
    """Keep what was refused, with the refusal, so that nothing is lost when the browser closes; `going_on` knows it.

    Nothing is kept where somebody has too many drafts: the text is on the page again, and in their browser.
    """
    with suppress(operations.TooManyDrafts, operations.DraftGone):
        g.draft_kept = operations.keep(actor().id or 0, place, words, _basis_at(place, words))
        let_stay()
        flash(_("Your text is not lost: you find it under “Drafts” in your menu."), "wait")


def _basis_at(place: Place, words: Words) -> Basis:
    """The draft that the form goes on with, or else one of the same text: sent twice it is kept once."""
    basis, there = _basis(), kept.at_place(actor().id or 0, place)
    if any(draft.id == basis.draft_id for draft in there):
        return basis
    same = next((draft for draft in there if draft.body == words.body), None)
    return Basis(same.id, same.version) if same is not None else Basis(writer=basis.writer)


def going_on(draft: Begun) -> Begun:
    """The same, with the draft in which a refused text was kept, if one was."""
    stored: Draft | None = g.get("draft_kept")
    return replace(draft, id=stored.id, version=stored.version) if stored is not None else draft


def _basis() -> Basis:
    def number(name: str) -> int:
        return whole_number(request.form.get(name, "")) or 0

    writer = request.form.get("draft_writer", "")[:16]
    return Basis(number("draft_id"), number("draft_version"), writer if writer.isascii() and writer.isalnum() else "")


def in_form() -> Words:
    """What stands in the present form, as a draft keeps it."""
    form = request.form
    others = {
        name[:40]: [(clean(value) or "")[:LONGEST_FIELD] for value in form.getlist(name)[:MOST_FIELDS]]
        for name in list(form)[:MOST_FIELDS]
        if name not in CARRIED
    }
    title = seen(clean(form.get("title", "")) or "")[:160]
    return Words(title, clean(form.get("body", "")) or "", form.get("space", "")[:40], others)


def _readable_place() -> Place:
    """The place that the form names, where one may read what stands there; 404 otherwise."""
    place = _living(operations.place_of(request.form.get("draft_for", "")))
    if place is None or not _reads(place):
        abort(404)
    return place


def _living(place: Place | None) -> Place | None:
    """The place itself; of a thread that was merged, the one that it went into."""
    if place is None or place.kind != DraftKind.REPLY:
        return place
    target = successor(actor(), place.target_id)
    return Place(place.kind, target.id) if target is not None else place


def _reads(place: Place) -> bool:
    if place.kind == DraftKind.REPLY:
        return queries.thread_for(actor(), place.target_id) is not None
    if place.kind == DraftKind.EDIT:
        post = queries.post_for(actor(), place.target_id)
        return post is not None and policies.can_edit(actor(), post)
    return True


@drafts.get("/drafts")
@member_required
def index() -> str:
    """What one has in the making."""
    found = rows(actor(), kept.of_member(actor().id or 0))
    return render_template("forum/drafts.html", rows=found, days=operations.KEPT.days)


@drafts.post("/drafts")
@member_required
@limiter.limit("120 per minute")
def keep() -> WsgiResponse:
    """Keep what stands in the form: for a script in the background, for a person who pressed the button."""
    place, words, basis = _readable_place(), in_form(), _basis()
    if words.empty:
        operations.clear(actor().id or 0, place, basis)
        return _nothing_kept(place)
    if len(words.body) > LONGEST:
        _refuse(_("This is too long to be kept as a draft."), 422)
    try:
        draft = operations.keep(actor().id or 0, place, words, basis)
    except operations.TooManyDrafts:
        _refuse(_("You have %(most)s drafts, and no more are kept. Remove some first.", most=operations.MOST), 422)
    except operations.DraftGone:
        _refuse(_("This draft was published or removed meanwhile."), 410)
    return _kept(draft, apart=basis.draft_id not in (0, draft.id))


def _kept(draft: Draft, *, apart: bool) -> WsgiResponse:
    address = address_of(draft.place, draft.id)
    if by_script():
        at = draft.updated_at.isoformat()
        return jsonify(id=draft.id, version=draft.version, at=at, url=address, apart=apart)
    flash(_("Saved as a draft. You find it under “Drafts” in your menu."), "good")
    if apart:
        flash(_("The draft was changed in another window too. Both versions are kept."), "wait")
    return redirect(address)


def _nothing_kept(place: Place) -> WsgiResponse:
    if by_script():
        return jsonify(id=0, version=0)
    flash(_("There was nothing to save."), "wait")
    return redirect(address_of(place))


def by_script() -> bool:
    """Whether a script asks, which reads JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


def _refuse(message: str, status: int) -> NoReturn:
    """Say why, and give the text back: on a page of its own where there is no script that still holds it."""
    if by_script():
        answer: Response = jsonify(error=message)
    else:
        given = [(name, value) for name, value in request.form.items(multi=True) if name not in CARRIED - {"title"}]
        shown = {"place": request.form["draft_for"], "body": request.form.get("body", ""), "given": given}
        answer = make_response(render_template("forum/draft_refused.html", message=message, **shown))
    answer.status_code = status
    abort(answer)


@drafts.post("/drafts/<int:draft_id>/deletion")
@member_required
def delete(draft_id: int) -> WsgiResponse:
    """Throw a draft away."""
    allow(operations.remove(actor().id or 0, draft_id))
    flash(_("The draft is removed."), "good")
    return redirect(url_for("drafts.index"))
