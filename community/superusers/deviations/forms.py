"""Forms about rules broken on purpose."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField, URLField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from community.accounts.forms import refuse
from community.core.forms import DayField, PageForm, clean, tidy, title_field
from community.spaces.models import Space

from . import kinds

LONG = Length(max=2000, message=_l("At most 2,000 characters."))
SHORT = Length(max=500, message=_l("At most 500 characters."))


def _told(label: object, hint: object, missing: object) -> TextAreaField:
    required = DataRequired(missing)
    return TextAreaField(label, description=hint, filters=[clean], validators=[required, LONG], render_kw={"rows": 4})


class DeviationForm(PageForm):
    """Which rule was broken, why, what was done and by whom, and what was hoped for."""

    rule = SelectField(_l("Which rule"))
    which = StringField(
        _l("Which part of it"),
        filters=[tidy],
        validators=[Optional(), Length(max=200, message=_l("At most 200 characters."))],
        description=_l("In a few words, so that somebody else finds it."),
    )
    why = _told(_l("Why was it right to break it?"), _l("What would the rule have done to the person?"), _l("Say why."))
    done = _told(_l("What was done instead?"), "", _l("Say what was done."))
    hoped = StringField(_l("What do you hope comes of it?"), filters=[tidy], validators=[Optional(), SHORT])
    by = StringField(
        _l("Who did it"),
        filters=[tidy],
        validators=[Optional(), Length(max=30)],
        description=_l("Their name in addresses, such as mwang. Empty for yourself."),
    )
    space = SelectField(_l("In which space"))

    def offer(self, spaces: Sequence[Space]) -> "DeviationForm":
        """The rules and spaces, in the reader's language."""
        self.rule.choices = kinds.choices()
        self.space.choices = [("", _("no single space")), *((space.slug, space.name) for space in spaces)]
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """A charter has many rules: one must be named."""
        if not super().validate(extra_validators):
            return False
        if kinds.needs_words(self.rule.data) and not self.which.data:
            refuse(self.which, _("Say in a few words which rule it was."))
            return False
        return True


class ChangedRuleForm(PageForm):
    """What the rule became."""

    to = StringField(
        _l("The rule now"),
        filters=[tidy],
        validators=[DataRequired(_l("Say what the rule is now.")), SHORT],
    )
    address = URLField(
        _l("Where it stands"),
        filters=[tidy],
        validators=[
            Optional(),
            Length(max=300),
            Regexp(r"(https?://|/(?!/))\S+$", message=_l("An address that begins with https:// or with /.")),
        ],
        description=_l("An address, where there is one."),
    )
    on = DayField(_l("Since"), validators=[DataRequired(_l("Say since when."))])


class IdeaForm(PageForm):
    """The thread about a better rule, before it is published."""

    title = title_field(_l("Title"))
    body = TextAreaField(
        _l("What others read"),
        filters=[clean],
        validators=[DataRequired(_l("Write a few words first.")), LONG],
        description=_l("Everybody in the space reads this. Who broke the rule, and for whom, is not told."),
        render_kw={"rows": 5},
    )
    idea_space = SelectField(_l("Space"))

    def offer(self, spaces: Sequence[Space]) -> "IdeaForm":
        """The spaces in which the reader may begin threads."""
        self.idea_space.choices = [(space.slug, space.name) for space in spaces]
        return self
