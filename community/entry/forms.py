"""Forms about who may join."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from community.accounts.entering.models import Effect, Mode, RuleKind
from community.accounts.entering.rules import EFFECTS, tidy_domain, tidy_network
from community.accounts.forms import email_field
from community.accounts.words import option
from community.core.forms import PageForm, tidy

MOST_LINES = 5000
LONGEST_LIST = 200_000
MODES = {
    Mode.OPEN: _l("Open: whoever confirms an address is in"),
    Mode.APPROVAL: _l("By approval: a person looks at each request"),
    Mode.INVITATION: _l("By invitation only"),
}
EFFECT_WORDS = {
    Effect.ONLY: _l("Only these may join, and others like them"),
    Effect.REFUSE: _l("Nobody can join"),
    Effect.HOLD: _l("Who joins waits for a person"),
    Effect.READ_ONLY: _l("Reading only: nobody joins or writes from there"),
}


class ModeForm(PageForm):
    """How registering works."""

    mode = RadioField(
        _l("Who may join?"), choices=[option(mode, label) for mode, label in MODES.items()], default=Mode.OPEN.value
    )
    question = StringField(_l("What people are asked"), filters=[tidy], validators=[Length(max=200)])
    invitations = IntegerField(
        _l("Invitations that a member may send within 30 days"),
        validators=[InputRequired(_l("Enter a number, 0 for none.")), NumberRange(0, 500)],
    )


class RulesForm(PageForm):
    """Rules of one kind, one a line."""

    values = TextAreaField(
        _l("One a line"),
        validators=[DataRequired(_l("Enter at least one.")), Length(max=LONGEST_LIST)],
        render_kw={"rows": 5, "spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"},
    )
    effect = SelectField(_l("What it means"))
    note = StringField(_l("Why"), filters=[tidy], validators=[Length(max=120)])

    def __init__(self, kind: RuleKind, **more: object) -> None:
        super().__init__(prefix=f"{kind}-", **more)
        self.kind = kind
        self.effect.choices = [option(effect, EFFECT_WORDS[effect]) for effect in EFFECTS[kind]]
        label = _l("Mail domains, one a line") if kind == RuleKind.DOMAIN else _l("Networks, one a line")
        self["values"].label.text = label

    def validate_values(self, field: Field) -> None:
        """Each line is a domain, or a network."""
        lines = self.lines()
        wrong = [line for line in lines if not self._tidied(line)]
        if wrong:
            raise ValidationError(_("This cannot be read: %(line)s", line=wrong[0][:60]))
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most 5,000 lines at once."))
        if self.kind == RuleKind.NETWORK and any(self._tidied(line).endswith("/0") for line in lines):
            raise ValidationError(_("This would be everybody."))

    def _tidied(self, line: str) -> str:
        return tidy_domain(line) if self.kind == RuleKind.DOMAIN else tidy_network(line)

    def lines(self) -> list[str]:
        """What was typed, without empty lines and what stands after a #."""
        bare = (line.partition("#")[0].strip() for line in (self["values"].data or "").splitlines())
        return [line for line in bare if line]

    def rules(self) -> list[str]:
        """The lines as rules keep them."""
        return [self._tidied(line) for line in self.lines()]


class InviteSomebodyForm(PageForm):
    """Inviting one person."""

    email = email_field()
    words = StringField(_l("A line from you"), filters=[tidy], validators=[Length(max=300)])

    def validate_words(self, field: Field) -> None:
        """No links: the letter comes from us."""
        if "://" in (field.data or "") or "www." in (field.data or "").lower():
            raise ValidationError(_("No links here, please: the letter has the one that matters."))
