"""Forms of the forum: clear messages, nothing typed is lost."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from community.accounts.words import option
from community.core.forms import PageForm, clean, reason_field, tags_field, tidy, title_field
from community.core.forms import split_tags as split_tags
from community.core.policies import Actor
from community.spaces.models import Space

from .models import Kind
from .policies import can_start

LONGEST_BODY = 30_000
LONGEST_WORD = 500
KINDS = {
    Kind.QUESTION: _l("Question"),
    Kind.DISCUSSION: _l("Discussion"),
    Kind.IDEA: _l("Idea"),
    Kind.ANNOUNCEMENT: _l("News"),
}


class Readable:
    """Refuses text that is one endless word, which nobody can read and which breaks every page."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` naming the limit."""
        if any(len(word) > LONGEST_WORD for word in (field.data or "").split()) and "\n" not in (field.data or ""):
            raise ValidationError(
                _("One word is longer than %(most)s characters. Is this what you meant to paste?", most=LONGEST_WORD)
            )


def body_field(label: object) -> TextAreaField:
    """The field for a post's text."""
    return TextAreaField(
        label,
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            Length(max=LONGEST_BODY, message=_l("At most 30,000 characters. Put long logs into a file.")),
            Readable(),
        ],
    )


def _title_field() -> StringField:
    return title_field(_l("What is it about, in one line?"), Readable())


class ThreadForm(PageForm):
    """Beginning a thread."""

    kind = RadioField(_l("What is it?"), default=Kind.QUESTION.value)
    title = _title_field()
    space = SelectField(
        _l("Where does it belong?"), validators=[DataRequired(_l("Choose the space in which people will know."))]
    )
    body = body_field(_l("Tell it in your own words"))
    tags = tags_field()

    def offer(self, spaces: Iterable[Space], actor: Actor) -> None:
        """Offer what the actor may choose."""
        offered = [SelectChoice(space.slug, space.name) for space in spaces]
        self.space.choices = offered if len(offered) == 1 else [option("", _l("Choose a space")), *offered]
        self.kind.choices = [option(kind.value, label) for kind, label in KINDS.items() if can_start(actor, kind)]


class ReplyForm(PageForm):
    """Replying."""

    body = body_field(_l("Your reply"))
    reply_to = HiddenField()


class EditForm(PageForm):
    """Changing a reply."""

    body = body_field(_l("Text"))
    reason = reason_field()


class EditThreadForm(EditForm):
    """Changing an opening post, with title and tags."""

    title = _title_field()
    tags = tags_field()


class ReasonForm(PageForm):
    """Doing something that others are told the reason of."""

    reason = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: the person concerned reads it.")), Length(max=300)],
    )
