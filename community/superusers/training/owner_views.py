"""Check-lists for who runs the programme: written, put in order, retired, and how far everybody is."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.db import db
from community.core.i18n import LANGUAGES, language
from community.core.jobs import enqueue
from community.core.policies import Actor, actor, requires
from community.core.slots import fill
from community.core.web import section

from ..appointing.policies import RUN_PROGRAMME, can_run
from . import audiences, defaults, operations, queries
from .forms import ChecklistForm, ItemForm
from .models import Checklist, ChecklistItem
from .waiting import look_at_lists

checklists = Blueprint("checklists", __name__, url_prefix="/programme/check-lists")
checklists.before_request(lambda: section("programme.overview"))
Page = str | Response | tuple[str, int]


def _list(checklist_id: int) -> Checklist:
    return db.session.get(Checklist, checklist_id) or abort(404)


def _item(item_id: int) -> ChecklistItem:
    return db.session.get(ChecklistItem, item_id) or abort(404)


def _to(checklist_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for("checklists.one", checklist_id=checklist_id, _anchor=anchor))


@checklists.get("")
@requires(RUN_PROGRAMME)
def list_() -> str:
    """All lists, and how far people are."""
    lists = queries.all_lists()
    holding = [each for each in lists if each.holds and each.living]
    return render_template(
        "superusers/training/lists.html",
        lists=lists,
        progress={found.checklist.id: found for found in queries.of_everybody(holding)},
        names=dict(audiences.choices()),
        languages=LANGUAGES,
        language=language(),
    )


@checklists.post("/defaults")
@requires(RUN_PROGRAMME)
def take_defaults() -> Response:
    """Begin with lists that the product offers, in one language; nobody sees them until they are published."""
    tag = request.form.get("language", "")
    if tag not in LANGUAGES or queries.all_lists():
        flash(_("There are lists already."), "wait")
    else:
        defaults.write(tag, by_id=actor().id)
        flash(_("The lists are written. Look through them, change what is different here, and publish them."), "good")
    return redirect(url_for("checklists.list_"))


@checklists.route("/new", methods=["GET", "POST"])
@requires(RUN_PROGRAMME)
def new() -> Page:
    """A list, without anything in it yet."""
    form = ChecklistForm()
    if form.validate_on_submit():
        made = operations.make(form.title.data, form.audience.data, form.language.data, by_id=actor().id)
        return redirect(url_for("checklists.add", checklist_id=made.id))
    return render_template("superusers/training/list_form.html", form=form, found=None), 422 if form.errors else 200


@checklists.get("/<int:checklist_id>")
@requires(RUN_PROGRAMME)
def one(checklist_id: int) -> str:
    """One list: what stands in it, and how far each person is."""
    found = _list(checklist_id)
    progress = queries.of_everybody([found])[0] if found.holds and found.living else None
    return render_template(
        "superusers/training/list.html", found=found, progress=progress, audience=audiences.said(found.audience)
    )


@checklists.route("/<int:checklist_id>/edit", methods=["GET", "POST"])
@requires(RUN_PROGRAMME)
def edit(checklist_id: int) -> Page:
    """Call it something else, or have it for others."""
    found = _list(checklist_id)
    form = ChecklistForm(found)
    if form.validate_on_submit():
        operations.change(found, form.title.data, form.audience.data, form.language.data, by_id=actor().id)
        return _to(found.id)
    return render_template("superusers/training/list_form.html", form=form, found=found), 422 if form.errors else 200


@checklists.post("/<int:checklist_id>/publication")
@requires(RUN_PROGRAMME)
def publish(checklist_id: int) -> Response:
    """Let those see it whom it is for; they are told once."""
    found = _list(checklist_id)
    if operations.publish(found, by_id=actor().id):
        enqueue(look_at_lists)
        flash(_("Published. Everybody whom it is for is told once."), "good")
    else:
        flash(_("Write something into the list first."), "wait")
    return _to(found.id)


@checklists.post("/<int:checklist_id>/retirement")
@requires(RUN_PROGRAMME)
def retire(checklist_id: int) -> Response:
    """Nobody is to follow it any more; or they are again."""
    found = _list(checklist_id)
    if request.form.get("to") == "off":
        operations.take_up(found, by_id=actor().id)
    else:
        operations.retire(found, by_id=actor().id)
        flash(_("Retired. What people ticked is kept."), "good")
    return _to(found.id)


@checklists.post("/<int:checklist_id>/place")
@requires(RUN_PROGRAMME)
def move(checklist_id: int) -> Response:
    """Up or down among the lists."""
    found = _list(checklist_id)
    operations.move(queries.all_lists(), found, up=request.form.get("to") == "up")
    return redirect(url_for("checklists.list_", _anchor=f"list-{found.id}"))


def _item_page(form: ItemForm, found: Checklist, item: ChecklistItem | None) -> Page:
    page = render_template("superusers/training/item_form.html", form=form, found=found, item=item)
    return page, 422 if form.errors else 200


@checklists.route("/<int:checklist_id>/items/new", methods=["GET", "POST"])
@requires(RUN_PROGRAMME)
def add(checklist_id: int) -> Page:
    """One thing more."""
    found, form = _list(checklist_id), ItemForm()
    if not form.validate_on_submit():
        return _item_page(form, found, None)
    made = operations.add_item(found, form.written(), by_id=actor().id)
    return _to(found.id, f"item-{made.id}")


@checklists.route("/items/<int:item_id>/edit", methods=["GET", "POST"])
@requires(RUN_PROGRAMME)
def edit_item(item_id: int) -> Page:
    """Say it anew."""
    item = _item(item_id)
    form = ItemForm(item)
    if not form.validate_on_submit():
        return _item_page(form, item.checklist, item)
    operations.change_item(item, form.written(), again=form.again.data, by_id=actor().id)
    flash(_("It is saved, and asked for again.") if form.again.data else _("It is saved."), "good")
    return _to(item.checklist_id, f"item-{item.id}")


@checklists.post("/items/<int:item_id>/retirement")
@requires(RUN_PROGRAMME)
def retire_item(item_id: int) -> Response:
    """Take it out of the list, or back into it."""
    item = _item(item_id)
    operations.retire_item(item, retired=request.form.get("to") != "off", by_id=actor().id)
    return _to(item.checklist_id, f"item-{item.id}")


@checklists.post("/items/<int:item_id>/place")
@requires(RUN_PROGRAMME)
def move_item(item_id: int) -> Response:
    """Up or down in its list."""
    item = _item(item_id)
    rows = item.checklist.living if item.retired_at is None else item.checklist.items
    operations.move(rows, item, up=request.form.get("to") == "up")
    return _to(item.checklist_id, f"item-{item.id}")


@fill("programme.overview")
def on_programme_page(*, actor: Actor) -> str:
    """How far people are and who is stuck, on the page of the programme."""
    if not can_run(actor):
        return ""
    return render_template("superusers/training/overview.html", found=queries.of_everybody(queries.lists_that_hold()))
