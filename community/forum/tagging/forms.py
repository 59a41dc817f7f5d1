"""Forms about tags."""

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from community.core.forms import TAG, PageForm, clean, reason_field, split_tags, tidy
from community.core.policies import Actor
from community.core.small_texts import Publishes
from community.spaces.models import Space

from .giving import given

LONGEST_TEXT = 10_000


class GivesTags:
    """A form with a field for tags, which are checked for one space and one person. `given` are the main tags."""

    given: tuple[str, ...] = ()

    def check_tags(self, field: Field, space: Space, actor: Actor, kept: Collection[str] = ()) -> None:
        """Raise `ValidationError` saying why the tags cannot be given."""
        if field.errors:
            return
        found = given(split_tags(field.data), space, actor, kept)
        if found.problem:
            raise ValidationError(found.problem)
        self.given = found.names


class TagForm(Publishes):
    """Writing what a tag means."""

    public = ("body", "group", "reason")

    body = TextAreaField(
        _l("What the tag is for"),
        filters=[clean],
        validators=[Length(max=LONGEST_TEXT, message=_l("At most 10,000 characters."))],
    )
    group = StringField(
        _l("Group of tags"), filters=[tidy], validators=[Length(max=40, message=_l("At most 40 characters."))]
    )
    reason = reason_field()


class SynonymForm(PageForm):
    """Making another tag a synonym of this one."""

    other = StringField(_l("Another tag"), filters=[tidy], validators=[DataRequired(_l("Enter a tag."))])

    def __init__(self, main: str) -> None:
        super().__init__()
        self._main = main

    @property
    def name(self) -> str:
        """The tag that was typed."""
        return "".join(split_tags(self.other.data)[:1])

    def validate_other(self, field: Field) -> None:
        """It is one tag, and not this one."""
        names = split_tags(field.data)
        if len(names) != 1 or not TAG.match(names[0]):
            raise ValidationError(_("Enter one tag."))
        if names[0] == self._main:
            raise ValidationError(_("This is the tag itself."))
