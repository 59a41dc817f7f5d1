"""Forms for arranging threads; each asks for a reason, which goes on the record."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from community.accounts.loading import actor_for
from community.accounts.words import option
from community.core import i18n
from community.core.db import utcnow
from community.core.forms import DayField, tags_field, tidy, title_field
from community.core.policies import Actor
from community.spaces.models import Space
from community.spaces.policies import can_read

from ..composing.guarding import Guarded
from ..forms import ReasonForm
from ..models import Post, Thread
from ..tagging.forms import GivesTags
from .measuring import NamesRule

LONGEST_REASON = 300
THREAD_NAMED = re.compile(r"(?:.*/threads/)?#?(\d{1,9})(?:[/?#].*)?", re.DOTALL)


class RecordedForm(Guarded):
    """Whatever is done to a thread has its reason, which others read."""

    guarded = ("title", "reason")

    reason = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why in a few words; it goes on the record.")), Length(max=LONGEST_REASON)],
    )


class HidingForm(NamesRule, ReasonForm):
    """Taking something from view."""


class ClosingForm(NamesRule, RecordedForm):
    """Taking no more replies."""


class PinForm(RecordedForm):
    """Showing a thread first, until the end of a day where one is given."""

    until = DayField(_l("Until the end of"), validators=[Optional()])

    def validate_until(self, field: DayField) -> None:
        """A day that is not over yet."""
        if field.data < utcnow().astimezone(i18n.zone()).date():
            raise ValidationError(_("This day is over."))

    @property
    def end(self) -> datetime | None:
        """When the day is over where the reader lives."""
        day = self.until.data
        return datetime.combine(day + timedelta(days=1), time(), i18n.zone()).astimezone(UTC) if day else None


class MoveForm(GivesTags, NamesRule, RecordedForm):
    """Choosing another space, and tags that it takes."""

    space = SelectField(_l("To which space?"), validators=[DataRequired(_l("Choose a space."))])
    tags = tags_field()

    def offer(self, spaces: Iterable[Space], thread: Thread, actor: Actor) -> None:
        """Offer these spaces for a thread."""
        self.spaces, self._thread, self._actor = {row.slug: row for row in spaces}, thread, actor
        choices = [SelectChoice(slug, row.name) for slug, row in self.spaces.items()]
        self.space.choices = [option("", _l("Choose a space")), *choices]

    def validate_space(self, field: SelectField) -> None:
        """Its author must go on reading the thread."""
        space = self.spaces.get(field.data)
        if space is not None and not can_read(actor_for(self._thread.author_id), space):
            raise ValidationError(_("The author of this thread cannot read that space."))

    def validate_tags(self, field: Field) -> None:
        """Tags that the other space takes; what it reserves is not brought along by those who may not give it."""
        space = self.spaces.get(self.space.data)
        if space is not None:
            self.check_tags(field, space, self._actor, set(self._thread.tags) - set(space.reserved_tags))


class OtherThreadForm(RecordedForm):
    """Naming another thread, by its number or its address."""

    other = StringField(
        _l("Which thread?"),
        description=_l("Its number, or its address from the browser."),
        filters=[tidy],
        validators=[DataRequired(_l("Name the other thread."))],
    )

    @property
    def other_id(self) -> int:
        """The number that was given; 0 for what is none."""
        found = THREAD_NAMED.fullmatch(self.other.data or "")
        return int(found[1]) if found else 0


class SplitForm(RecordedForm):
    """Choosing replies, and a title for the thread that they become."""

    title = title_field(_l("Title of the new thread"))
    posts = SelectMultipleField(
        _l("Which replies?"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def offer(self, posts: Iterable[Post]) -> None:
        """Offer these replies."""
        self.posts.choices = [SelectChoice(str(post.id), post.author.name) for post in posts]

    def validate_posts(self, field: SelectMultipleField) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(_("Choose at least one reply."))
