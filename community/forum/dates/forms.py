"""The fields in which somebody says when and where something happens."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from community.accounts.forms import zone_names
from community.core.forms import MomentField, PageForm, tidy

from .models import LONGEST_PLACE
from .operations import When

FORMAT = "%Y-%m-%dT%H:%M"
USUAL = timedelta(hours=1)
LONGEST = timedelta(days=31)


def _zone(form: Form) -> ZoneInfo:
    chosen = form["event_zone"].data
    return ZoneInfo(chosen if chosen in zone_names() else "UTC")


def _moment(form: Form, typed: datetime, held: datetime | None = None) -> datetime:
    """The moment that the clocks there show; of an hour that comes twice the one that holds already, else the first."""
    if held is not None and _clock(held, _zone(form)) == typed:
        return held
    return typed.replace(tzinfo=_zone(form), fold=0).astimezone(UTC)


def _clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks there show at a moment, to the minute."""
    return moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


class Exists:
    """Refuses an hour that the clocks there leave out."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError`."""
        if _moment(form, field.data).astimezone(_zone(form)).replace(tzinfo=None) != field.data:
            raise ValidationError(_("There is no such hour on that day: the clocks are put forward."))


def _time(label: object, description: object = "") -> MomentField:
    return MomentField(label, format=FORMAT, validators=[Optional(), Exists()], description=description)


class EventFields(PageForm):
    """Begin, end, time zone and place. Without a begin there is no event."""

    held: When | None = None

    event_starts = _time(_l("Begins"))
    event_ends = _time(_l("Ends"), _l("An hour after it begins, if you leave this empty."))
    event_zone = SelectField(_l("Time zone of these hours"))
    event_place = StringField(
        _l("Place or link"),
        filters=[tidy],
        validators=[Length(max=LONGEST_PLACE)],
        render_kw={"maxlength": LONGEST_PLACE},
    )

    def hold(self, when: When) -> None:
        """Begin with what holds. Hours that are left as they are shown stay the same moments."""
        self.held = when
        if not self.is_submitted():
            zone = ZoneInfo(when.zone)
            self.event_starts.data, self.event_ends.data = _clock(when.starts_at, zone), _clock(when.ends_at, zone)
            self.event_zone.data, self.event_place.data = when.zone, when.place

    def offer_zones(self, usual: str) -> None:
        """Offer every time zone, first the usual one."""
        self.event_zone.choices = [SelectChoice(name, name.replace("_", " ")) for name in zone_names()]
        self.event_zone.data = self.event_zone.data or usual

    def offer_no_event(self) -> None:
        """Whoever asks may not announce."""
        del self.event_starts, self.event_ends, self.event_zone, self.event_place

    def validate_event_ends(self, field: Field) -> None:
        """After it begins, and not months after."""
        if self.event_starts.data is None:
            raise ValidationError(_("Say when it begins."))
        if not timedelta(0) < self._ends_at() - self._starts_at() <= LONGEST:
            raise ValidationError(_("It ends after it begins, at most a month later."))

    def validate_event_place(self, field: Field) -> None:
        """Only of something that begins."""
        if field.data and self.event_starts.data is None and not self.event_starts.errors:
            raise ValidationError(_("Say when it begins."))

    def date(self) -> When | None:
        """What was typed, if anything was."""
        if "event_starts" not in self or self.event_starts.data is None:
            return None
        return When(self._starts_at(), self._ends_at(), self.event_zone.data, self.event_place.data or "")

    def _starts_at(self) -> datetime:
        return _moment(self, self.event_starts.data, self.held.starts_at if self.held else None)

    def _ends_at(self) -> datetime:
        if not self.event_ends.data:
            return self._starts_at() + USUAL
        return _moment(self, self.event_ends.data, self.held.ends_at if self.held else None)
