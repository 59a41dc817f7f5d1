"""What programs stumble over in the form to join, and people do not: a field that nobody sees, and the time."""

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, StringField

LONGEST_OPEN = 24 * 3600

TOO_FAST = _l("That was quicker than people usually are. Look it over, enter the password once more and send it again.")
TOO_OLD = _l("The page was open for very long. Enter the password once more and send it again.")
FILLED = _l(
    "Something was filled in that people do not see; perhaps a program did it for you. It is empty again: enter the "
    "password once more and send it."
)


def moment_field() -> HiddenField:
    """When the form was made, signed."""
    return HiddenField()


def bait_field() -> StringField:
    """Looks like any field to a program; kept from eyes, screen readers, the keyboard and password managers."""
    return StringField(
        _l("Leave this empty"),
        render_kw={
            "autocomplete": "off",
            "tabindex": "-1",
            "data-1p-ignore": "",
            "data-lpignore": "true",
            "data-bwignore": "",
        },
    )


def now() -> str:
    """The present moment for the form."""
    return _signer().sign(b"join").decode()


def problem(moment: str, bait: str) -> str:
    """Why a form is not taken, kindly; "" where it looks like a person's."""
    if bait:
        return str(FILLED)
    age = _age(moment)
    if age is None or age > LONGEST_OPEN:
        return str(TOO_OLD)
    return str(TOO_FAST) if age < int(current_app.config["SHORTEST_FILLING"]) else ""


def is_good(moment: str) -> bool:
    """Whether a moment is our own and not too long ago, so that it may be sent along once more."""
    age = _age(moment)
    return age is not None and age <= LONGEST_OPEN


def _age(moment: str) -> float | None:
    try:
        _text, made = _signer().unsign(moment, return_timestamp=True)
    except BadSignature:
        return None
    return _signer().get_timestamp() - made.timestamp()


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="isthmus.join")
