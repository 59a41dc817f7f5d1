"""Forms of the roster, of swaps and of absences."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from community.accounts.forms import zone_names
from community.accounts.models import Member
from community.accounts.words import DAYS, option
from community.core.forms import DayField, PageForm, tidy

from .models import DutyTurn
from .operations import Day, Plan
from .pages import TurnView
from .turns import MIDNIGHT

LONGEST_YEARS = 2


def _minutes(typed: time) -> int:
    return typed.hour * 60 + typed.minute


def _time(minutes: int) -> time:
    return time(minutes % MIDNIGHT // 60, minutes % 60)


def _people(members: Iterable[Member]) -> list[SelectChoice]:
    return [SelectChoice(str(member.id), f"{member.name} (@{member.handle})") for member in members]


class TurnForm(PageForm):
    """A turn of every week."""

    weekday = SelectField(_l("Day"), choices=DAYS)
    begins = TimeField(_l("From"), validators=[InputRequired(_l("Say from when."))])
    ends = TimeField(_l("Until"), validators=[InputRequired(_l("Say until when."))])
    member = SelectField(_l("Who"))
    backup = SelectField(_l("Backup"))

    def offer(self, members: Sequence[Member]) -> None:
        """Offer those who may take turns."""
        self.member.choices = _people(members)
        self.backup.choices = [option("", _l("Nobody")), *_people(members)]

    def show(self, turn: DutyTurn) -> None:
        """Fill the form with a turn as it is."""
        self.weekday.data, self.member.data = str(turn.weekday), str(turn.member_id)
        self.begins.data, self.ends.data = _time(turn.begins), _time(turn.ends)
        self.backup.data = str(turn.backup_id or "")

    def validate_backup(self, field: Field) -> None:
        """Nobody steps in for themselves."""
        if field.data and field.data == self.member.data:
            raise ValidationError(_("Choose somebody else as the backup."))

    def wanted(self) -> Plan:
        """The turn as it was typed; midnight at its end is the end of the day."""
        ends = _minutes(self.ends.data) or MIDNIGHT
        backup_id = int(self.backup.data) if self.backup.data else None
        return Plan(int(self.weekday.data), _minutes(self.begins.data), ends, int(self.member.data), backup_id)


class ZoneForm(PageForm):
    """Where the hours of a roster are."""

    zone = SelectField(_l("Time zone of the roster"))

    def offer(self, present: str) -> None:
        """Offer every time zone."""
        names = zone_names()
        offered = names if present in names else (present, *names)
        self.zone.choices = [SelectChoice(name, name.replace("_", " ")) for name in offered]
        self.zone.data = self.zone.data or present


class SwapForm(PageForm):
    """Asking somebody to take a turn."""

    asked = SelectField(_l("Who could take it?"), validators=[DataRequired(_l("Choose whom you ask."))])
    back = SelectField(_l("In return I take"))
    words = StringField(_l("A word with it"), filters=[tidy], validators=[Length(max=200)])

    def offer(self, members: Iterable[Member], theirs: Iterable[TurnView], said: Sequence[str]) -> None:
        """Offer the people, and turns of theirs in return; `said` are these turns in words."""
        self.asked.choices = _people(members)
        turns = zip(theirs, said, strict=True)
        self.back.choices = [
            option("", _l("Nothing")),
            *(SelectChoice(f"{view.turn.id}:{view.on}", words) for view, words in turns),
        ]

    def wanted_back(self, theirs: Iterable[TurnView]) -> Day | None:
        """The turn that was chosen in return."""
        chosen = (view for view in theirs if f"{view.turn.id}:{view.on}" == self.back.data)
        return next((Day(view.turn, view.on) for view in chosen), None)


class AbsenceForm(PageForm):
    """Days on which one is away."""

    first = DayField(_l("First day"), validators=[InputRequired(_l("Say from which day."))])
    last = DayField(_l("Last day"), validators=[Optional()], description=_l("Empty: that one day."))
    shown = BooleanField(_l("Show others that I am away"), default=True)

    def validate_last(self, field: Field) -> None:
        """Not before the first one, and not years later."""
        if self.first.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError(_("The last day is not before the first one."))
        if (field.data - self.first.data).days > LONGEST_YEARS * 366:
            raise ValidationError(_("At most two years."))

    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.first.data, self.last.data or self.first.data


class CalendarForm(PageForm):
    """A calendar elsewhere."""

    url = StringField(
        _l("Address of your calendar (iCalendar)"),
        filters=[lambda text: text.strip() if text else text],
        validators=[DataRequired(_l("Give the address of your calendar.")), Length(max=2000)],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    told = BooleanField(_l("Show others that I am away"), default=True)
