"""Forms for invitations and for what people say afterwards."""

from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from community.accounts.words import option
from community.core.db import utcnow
from community.core.forms import DayField, clean, tidy, title_field
from community.core.i18n import zone
from community.forum.composing.guarding import Guarded
from community.forum.composing.lengths import REPLY
from community.forum.forms import body_field

from .models import Offer, OfferKind
from .operations import Said
from .words import KINDS, RATINGS

MOST_PLACES = 1000
FURTHEST = timedelta(days=731)


class OfferForm(Guarded):
    """Inviting super users to something."""

    kept: date | None = None

    kind = RadioField(
        _l("To what?"),
        choices=[option(key, word) for key, word in KINDS.items()],
        default=OfferKind.TEST.value,
    )
    title = title_field(_l("What is it about, in one line?"))
    body = body_field(_l("What happens, when, and what you expect"), REPLY)
    places = IntegerField(
        _l("Places"),
        validators=[
            InputRequired(_l("Say how many can take part.")),
            NumberRange(1, MOST_PLACES, _l("Between 1 and 1,000.")),
        ],
    )
    closes = DayField(_l("Signing up until the end of"), validators=[Optional()])

    def validate_closes(self, field: DayField) -> None:
        """A day that is to come, and not ages from now."""
        if field.data == self.kept:
            return
        today = utcnow().astimezone(zone()).date()
        if not today <= field.data <= today + FURTHEST:
            raise ValidationError(_("Choose a day that is still to come, within two years."))

    def show(self, offer: Offer) -> None:
        """Show what holds."""
        self.kind.data, self.title.data, self.body.data = offer.kind, offer.title, offer.body
        self.places.data, self.closes.data = offer.places, self.kept

    def keep(self, offer: Offer) -> None:
        """Take the day that holds already, even where it is over."""
        if offer.closes_at is not None:
            self.kept = (offer.closes_at - timedelta(seconds=1)).astimezone(zone()).date()

    def said(self) -> Said:
        """What was typed, once it is valid."""
        day = self.closes.data
        end = datetime.combine(day + timedelta(days=1), time(), zone()).astimezone(UTC) if day else None
        return Said(self.kind.data, self.title.data, self.body.data, self.places.data, end)


class FeedbackForm(Guarded):
    """How it was."""

    guarded = ("words",)

    rating = RadioField(
        _l("How useful was it?"),
        choices=[option(key, word) for key, word in RATINGS.items()],
        validators=[InputRequired(_l("Choose from 1 to 5."))],
    )
    words = TextAreaField(_l("In your words"), filters=[clean], validators=[Length(max=5000)])


class ThanksForm(Guarded):
    """Thanking who took part."""

    guarded = ("line",)

    line = StringField(
        _l("Your thanks"),
        filters=[tidy],
        validators=[DataRequired(_l("Write a few words first.")), Length(max=500)],
        render_kw={"maxlength": 500},
    )
