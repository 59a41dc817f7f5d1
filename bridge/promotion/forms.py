"""Forms around suggestions and countdowns."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from bridge import words
from bridge.durations import DurationField
from bridge.fields import choices
from community.core.forms import PageForm, tidy

SHORTEST, LONGEST_CLAIM, LONGEST_HOLD = timedelta(minutes=15), timedelta(days=2), timedelta(days=30)
NO_TIME = _l("Write how long, such as 30 min, 4 h or 2 d.")


def _within(longest: timedelta, message: object) -> Any:
    def check(_form: object, field: Field) -> None:
        if field.data is not None and not SHORTEST <= field.data <= longest:
            raise ValidationError(str(message))

    return check


class ClaimForm(PageForm):
    """Somebody looks at the thread for a while."""

    claim_time = DurationField(
        _l("For how long?"),
        default=timedelta(hours=4),
        validators=[
            InputRequired(NO_TIME),
            _within(LONGEST_CLAIM, _l("Between 15 minutes and 2 days.")),
        ],
    )


class HoldForm(PageForm):
    """Why it is not to go, and for how long."""

    hold_reason = StringField(
        _l("Why should it wait?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: everybody who reads the thread sees it.")), Length(max=300)],
    )
    hold_time = DurationField(
        _l("For how long?"),
        default=timedelta(days=1),
        validators=[
            InputRequired(NO_TIME),
            _within(LONGEST_HOLD, _l("Between 15 minutes and 30 days.")),
        ],
    )


class ProposalForm(PageForm):
    """As what the desk should take it, and why."""

    proposed_class = SelectField(_l("As what?"), choices=choices(words.CLASSES.items()))
    proposed_reason = StringField(
        _l("Why should the service desk take it?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: staff decide by it.")), Length(max=300)],
    )


class DismissForm(PageForm):
    """Why a suggestion stays in the community."""

    dismiss_reason = StringField(
        _l("Why does it stay in the community?"),
        filters=[tidy],
        validators=[DataRequired(_l("Say why: it stays on the record.")), Length(max=300)],
    )


class SuggestionsFilter(PageForm):
    """What narrows the list of suggestions."""

    class Meta:
        """A form that changes nothing."""

        csrf = False

    rule = SelectField(_l("Rule"))
    space = SelectField(_l("Space"))

    def offer(self, rules: dict[str, str], spaces: dict[int, str]) -> None:
        """Rules by key and spaces by id, with their names."""
        self.rule.choices = choices([("", _("every rule")), *rules.items()])
        self.space.choices = choices([("", _("every space")), *((str(id_), name) for id_, name in spaces.items())])
