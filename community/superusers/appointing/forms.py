"""Forms about appointments."""

from datetime import UTC, date, datetime, time

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from community.accounts.known import KNOWN
from community.accounts.models import Member
from community.core import i18n
from community.core.db import db, utcnow
from community.core.forms import DayField, DecimalField, PageForm, Suggesting, clean, split_tags, tags_field, tidy
from community.core.policies import Actor
from community.groups.forms import MultiCheckboxField
from community.organisations.queries import everyone
from community.spaces.queries import all_visible_to

from .models import HOURS_A_WEEK, TERM_MONTHS
from .operations import Terms
from .words import DUTIES

LAST_SECOND = time(23, 59, 59)
AT_MOST = _l("At most 2,000 characters.")


def handle_field(label: object) -> StringField:
    """A field that names one member."""
    return StringField(
        label,
        filters=[tidy, lambda text: text.removeprefix("@").lower() if text else text],
        validators=[DataRequired(_l("Name somebody by their handle.")), Length(max=31)],
        widget=Suggesting("people", one=True),
    )


def member_called(handle: str | None) -> Member | None:
    """The member of this handle, unless suspended, or not let in yet."""
    return db.session.scalar(select(Member).where(Member.handle == handle, Member.suspended_at.is_(None), KNOWN))


def reason_field(label: object) -> TextAreaField:
    """A few sentences that say why."""
    return TextAreaField(
        label,
        filters=[clean],
        validators=[
            DataRequired(_l("Write a few words first.")),
            Length(min=20, max=2000, message=_l("Between 20 and 2,000 characters.")),
        ],
    )


class AppointForm(PageForm):
    """What somebody is asked to look after."""

    handle = handle_field(_l("Which person?"))
    spaces = MultiCheckboxField(_l("Spaces"), coerce=int, validators=[DataRequired(_l("Choose at least one space."))])
    tags = tags_field(_l("Whom to ask about what. Tags widen and narrow no right."))
    organisations = MultiCheckboxField(_l("Organisations"), coerce=int)
    language = SelectField(_l("Language"))
    hours_a_week = DecimalField(
        _l("Hours a week"),
        default=HOURS_A_WEEK,
        validators=[InputRequired(_l("A number of hours.")), NumberRange(0.5, 40, _l("Between half an hour and 40."))],
    )
    begins = DayField(_l("From"), validators=[Optional()], description=_l("Empty: when it is accepted."))
    ends = DayField(_l("Until the end of"), validators=[Optional()], description=_l("Empty: after 12 months."))
    duties = TextAreaField(_l("What is expected"), filters=[clean], validators=[Length(max=2000, message=AT_MOST)])
    reason = TextAreaField(_l("Why this person"), filters=[clean], validators=[Length(max=2000, message=AT_MOST)])
    sponsor = StringField(
        _l("Sponsor"),
        filters=[tidy, lambda text: text.removeprefix("@").lower() if text else text],
        validators=[Length(max=31)],
        widget=Suggesting("people", one=True),
        description=_l("One of the provider's people, whom they can turn to. Empty: you."),
    )

    def __init__(self, actor: Actor) -> None:
        """Begin with whom, and the space, that the address names."""
        self.places = {space.id: space for space in all_visible_to(actor)}
        asked = [space.id for space in self.places.values() if space.slug in request.args.getlist("space")]
        handle = request.args.get("handle", "")[:31]
        super().__init__(data={"handle": handle, "spaces": asked, "duties": str(DUTIES)})
        self.spaces.choices = [SelectChoice(str(id_), space.name) for id_, space in self.places.items()]
        self.organisations.choices = [SelectChoice(str(each.id), each.name) for each in everyone()]
        if not self.organisations.choices:
            del self.organisations
        self.language.choices = [SelectChoice("", _("any")), *(SelectChoice(*each) for each in i18n.LANGUAGES.items())]

    def validate_handle(self, field: StringField) -> None:
        """One of the members; the provider's people need no appointment."""
        found = member_called(field.data)
        if found is None:
            raise ValidationError(_("Nobody here is called that."))
        if found.is_staff:
            raise ValidationError(_("The provider's people look after every space already."))

    def validate_sponsor(self, field: StringField) -> None:
        """One of the provider's people."""
        found = member_called(field.data) if field.data else None
        if field.data and (found is None or not found.is_staff):
            raise ValidationError(_("Name one of the provider's people."))

    def validate_ends(self, field: DayField) -> None:
        """After it began, and still to come."""
        end = self._end()
        if end is not None and end <= (self._begin() or utcnow()):
            raise ValidationError(_("Choose a day that is still to come."))

    def terms(self) -> Terms:
        """What was filled in."""
        sponsor = member_called(self.sponsor.data) if self.sponsor.data else None
        return Terms(
            spaces=[self.places[id_] for id_ in self.spaces.data],
            tags=split_tags(self.tags.data),
            organisation_ids=self.organisations.data if "organisations" in self else (),
            language=self.language.data,
            hours_a_week=self.hours_a_week.data,
            begins_at=self._begin(),
            ends_at=self._end(),
            duties=self.duties.data or "",
            reason=self.reason.data or "",
            sponsor_id=sponsor.id if sponsor else None,
        )

    def _begin(self) -> datetime | None:
        day: date | None = self.begins.data
        begin = datetime.combine(day, time.min, i18n.zone()).astimezone(UTC) if day else None
        return begin if begin is not None and begin > utcnow() else None

    def _end(self) -> datetime | None:
        day: date | None = self.ends.data
        return datetime.combine(day, LAST_SECOND, i18n.zone()).astimezone(UTC) if day else None


class NominateForm(PageForm):
    """Who should look after which space, and why."""

    handle = handle_field(_l("Which person?"))
    space = SelectField(_l("Space"), coerce=int)
    reason = reason_field(_l("Why should they look after it?"))

    def __init__(self, actor: Actor) -> None:
        """Begin with whom, and the space, that the address names."""
        self.places = {space.id: space for space in all_visible_to(actor)}
        self._own = actor.id
        asked = next((id_ for id_, space in self.places.items() if space.slug == request.args.get("space")), None)
        super().__init__(data={"handle": request.args.get("handle", "")[:31], "space": asked})
        self.space.choices = [SelectChoice(str(id_), space.name) for id_, space in self.places.items()]

    def validate_handle(self, field: StringField) -> None:
        """Somebody else, who is no staff."""
        found = member_called(field.data)
        if found is None:
            raise ValidationError(_("Nobody here is called that."))
        if found.id == self._own:
            raise ValidationError(_("Nobody nominates themselves; you can apply instead."))
        if found.is_staff:
            raise ValidationError(_("The provider's people look after every space already."))


class ApplyForm(PageForm):
    """What one would like to look after, and why."""

    spaces = MultiCheckboxField(_l("Spaces"), coerce=int, validators=[DataRequired(_l("Choose at least one space."))])
    tags = tags_field(_l("What people may ask you about."))
    language = SelectField(_l("Language"))
    hours_a_week = DecimalField(
        _l("Hours a week"),
        default=HOURS_A_WEEK,
        validators=[InputRequired(_l("A number of hours.")), NumberRange(0.5, 40, _l("Between half an hour and 40."))],
    )
    reason = reason_field(_l("Why would you like to?"))

    def __init__(self, actor: Actor) -> None:
        """Offer the spaces that the member may read."""
        self.places = {space.id: space for space in all_visible_to(actor)}
        asked = [space.id for space in self.places.values() if space.slug in request.args.getlist("space")]
        super().__init__(data={"spaces": asked})
        self.spaces.choices = [SelectChoice(str(id_), space.name) for id_, space in self.places.items()]
        self.language.choices = [SelectChoice("", _("any")), *(SelectChoice(*each) for each in i18n.LANGUAGES.items())]

    def terms(self) -> Terms:
        """What was filled in."""
        return Terms(
            spaces=[self.places[id_] for id_ in self.spaces.data],
            tags=split_tags(self.tags.data),
            language=self.language.data,
            hours_a_week=self.hours_a_week.data,
            reason=self.reason.data,
        )


class RenewForm(PageForm):
    """How long the next term is."""

    months = IntegerField(
        _l("Months"),
        default=TERM_MONTHS,
        validators=[InputRequired(_l("A number of months.")), NumberRange(1, 36, _l("Between 1 and 36 months."))],
    )
