"""Forms around promotion and the author's page: clear messages, nothing typed is lost."""

import secrets

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from bridge.fields import class_field, impact_field, urgency_field, words_field
from community.core.forms import PageForm, tidy


class PromotionForm(PageForm):
    """Taking a thread to the desk."""

    query_class = class_field(_l("What is it?"))
    impact = impact_field()
    urgency = urgency_field()
    reason = words_field(_l("Why should the service desk take it?"), longest=1000)


class FurtherForm(PromotionForm):
    """Taking something else of a thread to the desk. `topic` tells one such form from another, however often sent."""

    topic = HiddenField(default=lambda: secrets.token_hex(12), validators=[Regexp(r"[0-9a-f]{24}\Z")])
    title = StringField(
        _l("What is it, in one line?"),
        filters=[tidy],
        validators=[DataRequired(_l("Give it a title of its own.")), Length(max=160)],
    )
    reason = words_field(
        _l("What exactly, and where in the thread?"),
        missing=_l("Say what it is about: the desk reads this first."),
        longest=1000,
    )


class AdditionForm(PageForm):
    """The author has something to add."""

    text = words_field(_l("Add something"), missing=_l("Write a few words first."))


class NotHelpedForm(PageForm):
    """The proposed answer did not help."""

    still = words_field(_l("What is still wrong?"), missing=_l("Say what is still wrong, so that the desk can go on."))
