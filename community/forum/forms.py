"""Forms of the forum: clear messages, nothing typed is lost."""

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from community.accounts.forms import tidy
from community.accounts.words import option
from community.core.markup import clean_text
from community.core.policies import Actor
from community.spaces.models import Space

from .models import Kind
from .policies import can_start

LONGEST_BODY = 30_000
LONGEST_WORD = 500
MOST_TAGS = 5
TAG = re.compile(r"^[\w][\w.+#-]{0,39}$", re.UNICODE)
KINDS = {
    Kind.QUESTION: _l("Question"),
    Kind.DISCUSSION: _l("Discussion"),
    Kind.IDEA: _l("Idea"),
    Kind.ANNOUNCEMENT: _l("News"),
}


def clean(value: str | None) -> str | None:
    """Several lines of clean text, as kept."""
    return clean_text(value).strip() if value else value


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


def title_field() -> StringField:
    """The field for a thread's title."""
    return StringField(
        _l("What is it about, in one line?"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Say in one line what it is about.")),
            Length(min=4, max=160, message=_l("Between 4 and 160 characters.")),
            Readable(),
        ],
        render_kw={"maxlength": 160},
    )


def split_tags(text: str | None) -> list[str]:
    """Tags from a line of words, in lower case, each once."""
    words = re.split(r"[\s,，、;；]+", (text or "").lower())
    return list(dict.fromkeys(word.strip("#") for word in words if word.strip("#")))


class Tags:
    """Refuses too many tags, and tags that are no words."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` naming the tag."""
        names = split_tags(field.data)
        if len(names) > MOST_TAGS:
            raise ValidationError(_("At most %(most)s tags.", most=MOST_TAGS))
        for name in names:
            if not TAG.match(name):
                raise ValidationError(_("“%(tag)s” cannot be a tag: letters, digits and - . + only.", tag=name[:40]))


def tags_field() -> StringField:
    """The field for tags."""
    return StringField(_l("Tags"), filters=[tidy], validators=[Length(max=250), Tags()])


class ThreadForm(FlaskForm):
    """Beginning a thread."""

    kind = RadioField(_l("What is it?"), default=Kind.QUESTION.value)
    title = title_field()
    space = SelectField(_l("Where does it belong?"))
    body = body_field(_l("Tell it in your own words"))
    tags = tags_field()

    def offer(self, spaces: Iterable[Space], actor: Actor) -> None:
        """Offer what the actor may choose."""
        self.space.choices = [SelectChoice(space.slug, space.name) for space in spaces]
        self.kind.choices = [option(kind.value, label) for kind, label in KINDS.items() if can_start(actor, kind)]


class ReplyForm(FlaskForm):
    """Replying."""

    body = body_field(_l("Your reply"))
    reply_to = HiddenField()


class EditForm(FlaskForm):
    """Changing a reply."""

    body = body_field(_l("Text"))
    reason = StringField(_l("What did you change?"), filters=[tidy], validators=[Length(max=200)])


class EditThreadForm(EditForm):
    """Changing an opening post, with title and tags."""

    title = title_field()
    tags = tags_field()


class ReasonForm(FlaskForm):
    """Doing something that others are told the reason of."""

    reason = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: the person concerned reads it.")), Length(max=300)],
    )
