"""The fields of a space within the forms of threads."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, Optional

from community.accounts.words import option
from community.core.forms import PageForm, clean, tidy

from ..models import Thread
from .templates import LONGEST_LINE, LONGEST_TEXT, AskedField, Look


class FieldsForm(BaseForm):
    """The fields that a space asks for, as real fields. Their names begin with `field-`."""

    def __init__(self, asked: Sequence[AskedField]) -> None:
        self.asked = asked
        super().__init__({each.key: _field(each) for each in asked}, prefix="field-")

    def given(self) -> list[dict[str, str]]:
        """What was typed, in the order of the fields; what was left empty is left out."""
        rows = ((each, self[each.key].data) for each in self.asked)
        return [
            {"key": each.key, "label": each.label, "look": each.look, "value": value} for each, value in rows if value
        ]


def _field(asked: AskedField) -> Any:
    needed = DataRequired(_l("Please fill this in.")) if asked.required else Optional()
    if asked.look == Look.CHOICE:
        choices = [option("", _l("Choose")), *(SelectChoice(value, value) for value in asked.choices)]
        return SelectField(asked.label, description=asked.hint, choices=choices, validators=[needed])
    long = asked.look == Look.TEXT
    most = LONGEST_TEXT if long else LONGEST_LINE
    attributes: dict[str, Any] = {"maxlength": most}
    attributes |= {"rows": 3} if long else {"autocomplete": "off"}
    return (TextAreaField if long else StringField)(
        asked.label,
        description=asked.hint,
        filters=[clean if long else tidy],
        validators=[needed, Length(max=most, message=_l("At most %(max)d characters."))],
        render_kw=attributes,
    )


class AsksFields(PageForm):
    """A form that shows the fields of the space that it is for, once it is known.

    A page that was opened for another space, or for none, comes back with the fields; nothing typed is lost.
    """

    asked: FieldsForm | None = None
    asked_of = ""
    _values: Any = None

    def process(self, formdata: Any = None, *given: Any, **more: Any) -> None:
        """Fill the fields, and keep what was sent for those that are not known yet."""
        self._values = self.meta.wrap_formdata(self, formdata)
        super().process(formdata, *given, **more)

    def wanted_fields(self) -> tuple[str, Sequence[AskedField], Mapping[str, str]]:
        """For what the fields are, which they are, and what they held before."""
        raise NotImplementedError

    def ask_fields(self) -> None:
        """Show the fields, with what was sent."""
        self.asked_of, asked, before = self.wanted_fields()
        self.asked = FieldsForm(asked) if asked else None
        if self.asked is not None:
            self.asked.process(self._values if self._values and self._was_shown(asked) else None, data=dict(before))

    def _was_shown(self, asked: Sequence[AskedField]) -> bool:
        return any(f"field-{each.key}" in self._values for each in asked)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields of the form, then those of the space."""
        good = bool(super().validate(extra_validators))
        self.ask_fields()
        if self.asked is None:
            return good
        if request.form.get("fields-of", "") != self.asked_of:
            self.form_errors.append(_("A few more things are asked for here. Please look through the fields again."))
            return False
        if self.asked.validate():
            return good
        self.form_errors.extend(f"{field.label.text}: {field.errors[0]}" for field in self.asked if field.errors)
        return False

    def given_fields(self) -> list[dict[str, str]]:
        """What was typed into the fields of the space."""
        return self.asked.given() if self.asked is not None else []

    def asked_texts(self) -> list[Field]:
        """The fields of the space into which words are typed."""
        return [] if self.asked is None else [field for field in self.asked if field.type != "SelectField"]


def held_by(thread: Thread) -> dict[str, str]:
    """What a thread's fields hold, by their keys."""
    return {given["key"]: given["value"] for given in thread.fields}
