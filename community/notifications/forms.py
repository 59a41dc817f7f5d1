"""How mail comes to a person: rhythm, hours, limits, absence."""

from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from community.accounts.words import DAYS, option
from community.core.forms import DayField, PageForm

from .models import MemberMail, Rhythm
from .planning import Plan

HOURS = [SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)]
NO_HOUR = option("", _l("No quiet hours"))


class MailForm(PageForm):
    """When mail comes. Hours are of the person's own clock."""

    rhythm = RadioField(
        _l("When does mail come?"),
        choices=[
            option(Rhythm.AT_ONCE.value, _l("At once")),
            option(Rhythm.DAILY.value, _l("Once a day, all in one")),
            option(Rhythm.WEEKLY.value, _l("Once a week, all in one")),
            option(Rhythm.NEVER.value, _l("Never")),
        ],
        default=Rhythm.AT_ONCE.value,
    )
    hour = SelectField(_l("Hour of the digest"), choices=HOURS, default="8")
    weekday = SelectField(_l("Day of the weekly digest"), choices=DAYS, default="0")
    most_a_day = IntegerField(
        _l("At most so many mails a day"),
        default=20,
        validators=[InputRequired(_l("A number from 1 to 200.")), NumberRange(1, 200, _l("A number from 1 to 200."))],
        description=_l("What is beyond comes together with the next digest."),
    )
    quiet_from = SelectField(_l("No mail from"), choices=[NO_HOUR, *HOURS], default="")
    quiet_until = SelectField(_l("until"), choices=[NO_HOUR, *HOURS], default="")
    away_from = DayField(_l("Away from"), validators=[Optional()])
    away_until = DayField(
        _l("Away until"),
        validators=[Optional()],
        description=_l("No mail before this day; what happens until then comes in one."),
    )
    away_shown = BooleanField(
        _l("Show others that I am away"),
        description=_l("“Away until” and the day stand on your profile, in the list of people and beside messages."),
    )

    def validate_away_from(self, field: Field) -> None:
        """One leaves before one comes back."""
        if field.data and not self.away_until.data:
            raise ValidationError(_l("Say too until when."))
        if field.data and field.data >= self.away_until.data:
            raise ValidationError(_l("The first day comes before the one on which you are back."))

    def show(self, row: MemberMail, plan: Plan) -> None:
        """Fill the form with what was chosen."""
        self.rhythm.data, self.most_a_day.data = row.rhythm, row.most_a_day
        self.hour.data, self.weekday.data = str(row.hour), str(row.weekday)
        self.quiet_from.data, self.quiet_until.data = _chosen(row.quiet_from), _chosen(row.quiet_until)
        self.away_from.data, self.away_until.data = _day(row.away_from, plan), _day(row.away_until, plan)
        self.away_shown.data = bool(row.away_shown)

    def take(self, row: MemberMail, plan: Plan) -> None:
        """Remember what was chosen."""
        row.rhythm, row.most_a_day = self.rhythm.data, self.most_a_day.data
        row.hour, row.weekday = int(self.hour.data), int(self.weekday.data)
        row.quiet_from, row.quiet_until = _hour(self.quiet_from.data), _hour(self.quiet_until.data)
        row.away_from = _begin(self.away_from.data, plan) if self.away_from.data else None
        row.away_until = _begin(self.away_until.data, plan) if self.away_until.data else None
        row.away_shown = bool(self.away_shown.data)


def _chosen(hour: int | None) -> str:
    return "" if hour is None else str(hour)


def _hour(text: str) -> int | None:
    return int(text) if text else None


def _day(moment: datetime | None, plan: Plan) -> date | None:
    return moment.astimezone(plan.zone).date() if moment else None


def _begin(day: date, plan: Plan) -> datetime:
    return datetime.combine(day, time(0), plan.zone)
