"""Words for what members are, and choices whose words are found when they are shown."""

from typing import cast

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms.fields.choices import SelectChoice

from community.core.policies import Role

ROLES = {
    Role.MEMBER.value: _l("Member"),
    Role.AGENT.value: _l("Agent"),
    Role.MANAGER.value: _l("Manager"),
    Role.ADMIN.value: _l("Admin"),
}


def option(value: str, label: LazyString) -> SelectChoice:
    """A choice of a form; WTForms only ever shows the label, so it need not be text before that."""
    return SelectChoice(value, cast(str, label))


DAYS = [
    option("0", _l("Monday")),
    option("1", _l("Tuesday")),
    option("2", _l("Wednesday")),
    option("3", _l("Thursday")),
    option("4", _l("Friday")),
    option("5", _l("Saturday")),
    option("6", _l("Sunday")),
]
