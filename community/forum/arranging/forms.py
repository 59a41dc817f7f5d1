"""Forms for arranging threads; each asks for a reason, which goes on the record."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from community.accounts.words import option
from community.core import i18n
from community.core.db import utcnow
from community.core.forms import PageForm, tidy, title_field
from community.spaces.models import Space

from ..models import Post

LONGEST_REASON = 300
THREAD_NAMED = re.compile(r"(?:.*/threads/)?#?(\d{1,9})(?:[/?#].*)?", re.DOTALL)


def zone() -> ZoneInfo:
    """The reader's time zone."""
    return ZoneInfo(i18n.time_zone() or i18n.default_zone())


class RecordedForm(PageForm):
    """Whatever is done to a thread has its reason."""

    reason = StringField(
        _l("Why?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why in a few words; it goes on the record.")), Length(max=LONGEST_REASON)],
    )


class PinForm(RecordedForm):
    """Showing a thread first, until the end of a day where one is given."""

    until = DateField(_l("Until the end of"), validators=[Optional()])

    def validate_until(self, field: DateField) -> None:
        """A day that is not over yet."""
        if isinstance(field.data, date) and field.data < utcnow().astimezone(zone()).date():
            raise ValidationError(_("This day is over."))

    @property
    def end(self) -> datetime | None:
        """When the day is over where the reader lives."""
        day = self.until.data
        return datetime.combine(day + timedelta(days=1), time(), zone()).astimezone(UTC) if day else None


class MoveForm(RecordedForm):
    """Choosing another space."""

    space = SelectField(_l("To which space?"), validators=[DataRequired(_l("Choose a space."))])

    def offer(self, spaces: Iterable[Space]) -> None:
        """Offer these spaces."""
        self.space.choices = [option("", _l("Choose a space")), *(SelectChoice(row.slug, row.name) for row in spaces)]


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
