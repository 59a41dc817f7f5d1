"""Forms of the forum: clear messages, nothing typed is lost."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from community.accounts.words import option
from community.core import i18n
from community.core.forms import Counting, clean, reason_field, tags_field, tidy
from community.core.policies import Actor
from community.spaces.models import Space

from .arranging.measuring import NamesRule
from .asking.fields import AsksFields, held_by
from .asking.templates import AskedField, asked_again, fields_of
from .composing.guarding import Guarded
from .composing.lengths import OPENING, REPLY, TITLE, LongEnough, Shortest
from .dates.forms import EventFields
from .editing.conflicts import Meanwhile, Typed, seen_in, since
from .models import Kind, Post, Thread
from .policies import can_start
from .reactions.forms import PollFields
from .tagging.forms import GivesTags

LONGEST_BODY = 30_000
LONGEST_TITLE = 160
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


def body_field(label: object, shortest: Shortest) -> TextAreaField:
    """The field for a post's text."""
    return TextAreaField(
        label,
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            LongEnough(shortest),
            Length(max=LONGEST_BODY, message=_l("At most 30,000 characters. Put long logs into a file.")),
            Readable(),
        ],
        render_kw={"data-least": shortest.letters, "data-most": LONGEST_BODY},
    )


def _title_field() -> StringField:
    return StringField(
        _l("What is it about, in one line?"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Say in one line what it is about.")),
            LongEnough(TITLE),
            Length(max=LONGEST_TITLE, message=_l("At most 160 characters.")),
            Readable(),
        ],
        render_kw={"maxlength": LONGEST_TITLE},
        widget=Counting(),
    )


class ThreadForm(Guarded, AsksFields, GivesTags, PollFields, EventFields):
    """Beginning a thread."""

    guarded = ("title", "body", "tags", "poll_options", "event_place")

    kind = RadioField(_l("What is it?"), default=Kind.QUESTION.value)
    title = _title_field()
    space = SelectField(
        _l("Where does it belong?"), validators=[DataRequired(_l("Choose the space in which people will know."))]
    )
    body = body_field(_l("Tell it in your own words"), OPENING)
    tags = tags_field()
    for_organisation = BooleanField(_l("Only people of my organisation and the provider's staff may read it"))

    def offer(self, spaces: Iterable[Space], actor: Actor) -> None:
        """Offer what the actor may choose."""
        self._spaces, self._actor = {space.slug: space for space in spaces}, actor
        offered = [SelectChoice(slug, space.name) for slug, space in self._spaces.items()]
        self.space.choices = offered if len(offered) == 1 else [option("", _l("Choose a space")), *offered]
        self.kind.choices = [option(kind.value, label) for kind, label in KINDS.items() if can_start(actor, kind)]
        if actor.organisation_id is None:
            del self.for_organisation
        if can_start(actor, Kind.ANNOUNCEMENT):
            self.offer_zones(i18n.zone().key)
        else:
            self.offer_no_event()

    def wanted_fields(self) -> tuple[str, Sequence[AskedField], Mapping[str, str]]:
        """What the chosen space asks for with this kind of thread."""
        space, kind = self._spaces.get(self.space.data), self.kind.data or ""
        return f"{self.space.data}:{kind}", fields_of(space.id, kind) if space else (), {}

    def guarded_fields(self) -> list[Field]:
        """The fields of the space are read by others too."""
        return [*super().guarded_fields(), *self.asked_texts()]

    def validate_event_starts(self, field: Field) -> None:
        """Only news say when something happens."""
        if self.kind.data != Kind.ANNOUNCEMENT:
            raise ValidationError(_("Only news have a date. Choose News above, or leave this empty."))

    def validate_tags(self, field: Field) -> None:
        """Tags that this space has, or that one may make."""
        space = self._spaces.get(self.space.data)
        if space is not None:
            self.check_tags(field, space, self._actor)


class ReplyForm(Guarded):
    """Replying."""

    body = body_field(_l("Your reply"), REPLY)
    reply_to = HiddenField()


class EditForm(NamesRule, Guarded):
    """Changing a reply. `seen` tells which text the person had before them."""

    guarded: tuple[str, ...] = ("title", "body", "reason")

    seen = HiddenField()
    body = body_field(_l("Text"), REPLY)
    reason = reason_field()

    def typed(self) -> Typed:
        """What the post is to say."""
        return Typed(self.body.data)

    def warn(self, post: Post) -> Meanwhile | None:
        """Say what somebody else changed since the form was opened, and let the next saving be on top of it.

        None where nobody did. The post must be locked.
        """
        found = since(post, self.seen.data or "", self.typed())
        if found is not None:
            self.seen.data = seen_in(post, warned=True)
            self.body.errors = (*self.body.errors, found.message)
        return found


class EditThreadForm(GivesTags, EditForm, AsksFields):
    """Changing an opening post, with title and tags."""

    guarded = ("title", "body", "tags", "reason")

    body = body_field(_l("Text"), OPENING)
    title = _title_field()
    tags = tags_field()

    def about(self, thread: Thread, actor: Actor) -> Self:
        """Check tags for this thread and whoever changes it."""
        self._thread, self._actor = thread, actor
        return self

    def typed(self) -> Typed:
        """What the post is to say, with its title, fields and tags."""
        return Typed(self.body.data, self.title.data, tuple(self.given_fields()), tuple(self.given))

    def wanted_fields(self) -> tuple[str, Sequence[AskedField], Mapping[str, str]]:
        """What the space asks for, and what else the thread has."""
        return f"thread:{self._thread.id}", asked_again(self._thread), held_by(self._thread)

    def guarded_fields(self) -> list[Field]:
        """The fields of the space are read by others too."""
        return [*super().guarded_fields(), *self.asked_texts()]

    def validate_tags(self, field: Field) -> None:
        """Tags that the thread has, that its space has, or that one may make."""
        self.check_tags(field, self._thread.space, self._actor, self._thread.tags)


class ReasonForm(Guarded):
    """Doing something that others are told the reason of."""

    guarded = ("reason",)

    reason = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: the person concerned reads it.")), Length(max=300)],
    )
