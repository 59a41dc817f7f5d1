"""Small forms beside posts: where one has a problem too, a line of thanks, a bookmark's note, a poll."""

from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from community.accounts.words import option
from community.core import i18n
from community.core.forms import DayField, PageForm, clean, tidy
from community.core.policies import actor
from community.core.small_texts import Publishes

from ..composing.guarding import Guarded
from .affected import LONGEST
from .bookmarks import LONGEST_NOTE, today_in
from .polls import FEWEST_OPTIONS, LONGEST_OPTION, MOST_OPTIONS, Asked, Results
from .thanking import LONGEST_LINE

RESULTS = {
    Results.ALWAYS: _l("Always"),
    Results.AFTER_VOTING: _l("After voting"),
    Results.AFTER_CLOSING: _l("After closing"),
}


def _line(label: object, most: int) -> StringField:
    return StringField(label, filters=[tidy], validators=[Length(max=most)], render_kw={"maxlength": most})


class Later:
    """Refuses a day that is not after today, as the clocks of whoever asks show it."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError`."""
        if field.data <= today_in(actor().time_zone):
            raise ValidationError(_("Choose a day after today."))


def _day(label: object) -> DayField:
    return DayField(label, validators=[Optional(), Later()])


class AffectedForm(Publishes):
    """In which version and at which site somebody has the problem too."""

    public = ("version", "site")

    version = _line(_l("Version or device"), LONGEST)
    site = _line(_l("Site"), LONGEST)


class ThanksForm(Publishes, Guarded):
    """Thanks to the author of a post."""

    guarded = public = ("line",)

    line = _line(_l("A line to go with it"), LONGEST_LINE)


class BookmarkForm(PageForm):
    """What a bookmark says to its owner, and when."""

    note = _line(_l("Note to yourself"), LONGEST_NOTE)
    remind_on = _day(_l("Remind me on"))


def lines_of(text: str | None) -> list[str]:
    """The options in a text, one a line, without empty ones."""
    return [line for line in (tidy(raw) for raw in (text or "").splitlines()) if line]


class Options:
    """Refuses lines that make no poll: too few, too many, too long, or twice the same."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` naming the limit."""
        lines = lines_of(field.data)
        if not lines:
            return
        if not FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
            raise ValidationError(
                _("Between %(fewest)s and %(most)s options, one a line.", fewest=FEWEST_OPTIONS, most=MOST_OPTIONS)
            )
        if any(len(line) > LONGEST_OPTION for line in lines):
            raise ValidationError(_("An option has at most %(most)s characters.", most=LONGEST_OPTION))
        if len({line.casefold() for line in lines}) < len(lines):
            raise ValidationError(_("Two options are the same."))


class PollFields(PageForm):
    """The fields of a poll, for the form in which a thread is begun. Without options there is none."""

    poll_options = TextAreaField(_l("Options, one a line"), filters=[clean], validators=[Length(max=2000), Options()])
    poll_multiple = BooleanField(_l("People may choose several"))
    poll_named = BooleanField(_l("Show who chose what"))
    poll_results = SelectField(
        _l("When people see the result"),
        choices=[option(key.value, label) for key, label in RESULTS.items()],
        default=Results.ALWAYS.value,
    )
    poll_closes_on = _day(_l("Last day for votes"))

    def poll(self) -> Asked | None:
        """The poll that was asked for, if any; it closes when its last day ends where its author is."""
        options = lines_of(self.poll_options.data)
        if not options:
            return None
        last, closes_at = self.poll_closes_on.data, None
        if last is not None:
            closes_at = datetime.combine(last + timedelta(days=1), time(0), i18n.zone_of(actor().time_zone))
        return Asked(
            options=tuple(options),
            multiple=bool(self.poll_multiple.data),
            named=bool(self.poll_named.data),
            results=Results(self.poll_results.data),
            closes_at=closes_at,
        )
