"""Pages on which super users and staff say what their space asks for with each kind of thread."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from community.accounts.words import option
from community.core.forms import PageForm, clean, tidy
from community.core.i18n import LANGUAGES
from community.core.policies import Actor, actor, allow, member_required, requires
from community.core.slots import fill
from community.core.web import section
from community.spaces import queries as spaces
from community.spaces.models import Space

from ..forms import KINDS, ThreadForm
from ..models import Kind
from ..reactions.forms import lines_of
from . import templates as asking
from .templates import (
    LONGEST_CHOICE,
    LONGEST_HINT,
    LONGEST_LABEL,
    MOST_CHOICES,
    MOST_FIELDS,
    SHAPE,
    AskedField,
    Look,
    can_shape,
)
from .usual import USUAL

templates = Blueprint("templates", __name__)
templates.before_request(lambda: section("spaces.index"))
EMPTY_ROWS = 2
LOOKS = {
    Look.LINE: _l("One line"),
    Look.TEXT: _l("Several lines"),
    Look.CHOICE: _l("One of a few values"),
    Look.VERSION: _l("A version"),
}


class FieldRow(Form):
    """One field of a template; without a label it is none."""

    key = HiddenField()
    label = StringField(
        _l("Label"), filters=[tidy], validators=[Length(max=LONGEST_LABEL)], render_kw={"maxlength": LONGEST_LABEL}
    )
    hint = StringField(
        _l("Hint"), filters=[tidy], validators=[Length(max=LONGEST_HINT)], render_kw={"maxlength": LONGEST_HINT}
    )
    look = SelectField(_l("What is typed"), choices=[option(look.value, label) for look, label in LOOKS.items()])
    choices = TextAreaField(_l("Values, one a line"), filters=[clean], render_kw={"rows": 3})
    required = BooleanField(_l("Must be filled in"))

    def validate_choices(self, field: Any) -> None:
        """A choice needs something to choose from."""
        values = lines_of(field.data)
        if self.look.data == Look.CHOICE and self.label.data and not 2 <= len(set(values)) <= MOST_CHOICES:
            raise ValidationError(_("Between 2 and %(most)s values, one a line.", most=MOST_CHOICES))
        if any(len(value) > LONGEST_CHOICE for value in values):
            raise ValidationError(_("A value has at most %(most)s characters.", most=LONGEST_CHOICE))

    def field(self, known: frozenset[str]) -> AskedField:
        """The field that this row describes."""
        choice = self.look.data == Look.CHOICE
        return AskedField(
            key=self.key.data if self.key.data in known else asking.new_key(),
            label=self.label.data,
            hint=self.hint.data or "",
            look=self.look.data,
            required=bool(self.required.data),
            choices=tuple(dict.fromkeys(lines_of(self.choices.data))) if choice else (),
        )


class TemplateForm(PageForm):
    """The fields of a template in their order."""

    rows = FieldList(FormField(FieldRow), max_entries=MOST_FIELDS)

    def validate_rows(self, field: Any) -> None:
        """No two fields with one label."""
        labels = [row.form.label.data.casefold() for row in self.rows if row.form.label.data]
        if len(set(labels)) < len(labels):
            raise ValidationError(_("Two fields have the same label."))

    def fields(self, before: Sequence[AskedField]) -> list[AskedField]:
        """What is asked for; rows without a label are left out."""
        known = frozenset(field.key for field in before)
        return [row.form.field(known) for row in self.rows if row.form.label.data]


def _space(slug: str) -> Space:
    space = spaces.by_slug(actor(), slug) or abort(404)
    allow(can_shape(actor(), space))
    return space


def _kind(name: str) -> Kind:
    return Kind(name) if name in set(Kind) else abort(404)


@templates.get("/spaces/<string:slug>/templates")
@requires(SHAPE)
def index(slug: str) -> str:
    """What the space asks for, by kind of thread."""
    space = _space(slug)
    return render_template(
        "admin/space_templates.html", space=space, kinds=KINDS, fields=asking.fields_by_kind(space.id)
    )


@templates.route("/spaces/<string:slug>/templates/<string:kind>", methods=["GET", "POST"])
@requires(SHAPE)
def edit(slug: str, kind: str) -> str | Response | tuple[str, int]:
    """Change what the space asks for with one kind of thread; `?usual=` begins with the usual fields."""
    space, of_kind = _space(slug), _kind(kind)
    present = asking.fields_of(space.id, of_kind)
    offered = USUAL.get(request.args.get("usual", ""), present)
    form = TemplateForm(rows=[_row(field) for field in offered])
    if form.validate_on_submit() and "more" not in request.form:
        asking.set_fields(space, of_kind, form.fields(present), by_id=actor().id or 0)
        flash(_("Saved. People are asked for this from now on."), "good")
        return redirect(url_for("templates.index", slug=space.slug))
    for _number in range(min(EMPTY_ROWS, MOST_FIELDS - len(form.rows))):
        if not form.is_submitted() or "more" in request.form:
            form.rows.append_entry()
    page = render_template(
        "admin/space_template.html", form=form, space=space, kind=KINDS[of_kind], languages=LANGUAGES, of_kind=kind
    )
    return page, 422 if form.errors else 200


def _row(field: AskedField) -> dict[str, Any]:
    return {**asdict(field), "choices": "\n".join(field.choices)}


@templates.get("/ask/fields")
@member_required
def asked() -> str:
    """The fields that the chosen space asks for, for the page on which somebody asks."""
    form = ThreadForm(request.args, meta={"csrf": False})
    form.offer(spaces.all_visible_to(actor()), actor())
    form.ask_fields()
    return render_template("forum/asked_fields.html", form=form)


@fill("space.manage")
def asked_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """For whoever looks after a space: what people are asked for there, by kind of thread."""
    fields = asking.fields_by_kind(space_id)
    return render_template(
        "spaces/asked_card.html", slug=slug, kinds=KINDS, fields=fields, changes=actor.can(SHAPE, space_id=space_id)
    )
