"""The forms with which somebody joins."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from community.accounts.forms import email_field, name_field, new_password, refuse
from community.core.forms import clean
from community.core.small_texts import Publishes

from . import trap
from .models import Mode
from .rules import Verdict, settings

LONGEST_WORDS = 1000
REFUSED = {
    "domain": _l("Addresses of this domain are not taken here. Use the address of your organisation."),
    "network": _l("Nobody can join from your network at present. Write to the people who run this community."),
}


class JoinForm(Publishes):
    """Asking for an account."""

    public = ("name",)

    name = name_field()
    email = email_field()
    password = new_password("name", "email", label=_l("Password"))
    why = TextAreaField(
        _l("Why would you like to join?"),
        filters=[clean],
        validators=[
            DataRequired(_l("Say in a sentence who you are and what brings you here.")),
            Length(max=LONGEST_WORDS, message=_l("At most 1,000 characters.")),
        ],
    )
    made = trap.moment_field()
    website = trap.bait_field()

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        chosen = settings()
        if chosen.mode != Mode.APPROVAL:
            del self.why
        elif chosen.question:
            self.why.label.text = chosen.question
        self._moment, self._bait = self.made.data or "", self.website.data or ""
        if not trap.is_good(self._moment):
            self.made.data = trap.now()
        self.website.data = ""

    @property
    def words(self) -> str:
        """Why somebody would like to join, where that is asked."""
        return (self.why.data or "") if "why" in self else ""

    def is_a_persons(self) -> bool:
        """Whether a person filled it in, as far as one can see; otherwise the form says kindly what to do."""
        problem = trap.problem(self._moment, self._bait)
        if problem:
            current_app.logger.info("a form to join was not taken: it looked like a program's")
            self.form_errors.append(problem)
        return not problem

    def refuse(self, verdict: Verdict) -> None:
        """Say that a rule is against it, whoever asks and whether the address is known or not."""
        if verdict.by == "domain":
            refuse(self.email, str(REFUSED["domain"]))
        else:
            self.form_errors.append(str(REFUSED["network"]))


class AcceptForm(Publishes):
    """Joining by an invitation; the address is the one that it was sent to."""

    public = ("name",)

    name = name_field()
    password = new_password("name", label=_l("Password"))
