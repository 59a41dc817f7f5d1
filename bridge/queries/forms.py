"""Forms around promotion and the author's page: clear messages, nothing typed is lost."""

from flask_babel import lazy_gettext as _l

from bridge.fields import class_field, impact_field, urgency_field, words_field
from community.core.forms import PageForm


class PromotionForm(PageForm):
    """Taking a thread to the desk."""

    query_class = class_field(_l("What is it?"))
    impact = impact_field()
    urgency = urgency_field()
    reason = words_field(_l("Why should the service desk take it?"), longest=1000)


class AdditionForm(PageForm):
    """The author has something to add."""

    text = words_field(_l("Add something"), missing=_l("Write a few words first."))


class NotHelpedForm(PageForm):
    """The proposed answer did not help."""

    still = words_field(_l("What is still wrong?"), missing=_l("Say what is still wrong, so that the desk can go on."))
