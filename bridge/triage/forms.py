"""The form of the priority matrix and the target times."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from bridge import words
from bridge.fields import choices

from .classes import IMPACTS, PRIORITIES, URGENCIES
from .priorities import Targets

LONGEST_MINUTES = 525_600  # a year


def _cell(impact: int, urgency: int) -> SelectField:
    label = _l("%(impact)s, %(urgency)s", impact=words.IMPACTS[impact], urgency=words.URGENCIES[urgency])
    return SelectField(label, coerce=int, choices=choices(words.PRIORITIES.items()))


def _minutes(label: object) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            InputRequired(_l("Give a number of minutes.")),
            NumberRange(1, LONGEST_MINUTES, message=_l("Between one minute and a year.")),
        ],
    )


class PrioritiesBase(FlaskForm):
    """The matrix as fields named cell_<impact>_<urgency>, the times as first_<priority> and resolved_<priority>."""

    def cell(self, impact: int, urgency: int) -> Field:
        """The field of one cell."""
        found: Field = self[f"cell_{impact}_{urgency}"]
        return found

    def times(self, priority: int) -> tuple[Field, Field]:
        """The two fields of one priority."""
        return self[f"first_{priority}"], self[f"resolved_{priority}"]

    @property
    def matrix(self) -> dict[tuple[int, int], int]:
        """The cells as chosen."""
        return {(i, u): self.cell(i, u).data for i in IMPACTS for u in URGENCIES}

    @property
    def targets(self) -> dict[int, Targets]:
        """The times as given."""
        return {p: Targets(*(timedelta(minutes=f.data) for f in self.times(p))) for p in PRIORITIES}

    def validate(self, extra_validators: Any = None) -> bool:
        """No priority may be resolved before its first news."""
        fine = bool(super().validate(extra_validators))
        for priority in PRIORITIES:
            first, resolved = self.times(priority)
            if fine and first.data > resolved.data:
                resolved.errors = (*resolved.errors, _("The first news comes before the resolution."))
                fine = False
        return fine


def _fields() -> dict[str, Any]:
    made: dict[str, Any] = {f"cell_{i}_{u}": _cell(i, u) for i in IMPACTS for u in URGENCIES}
    for priority in PRIORITIES:
        name = words.PRIORITIES[priority]
        made[f"first_{priority}"] = _minutes(_l("%(priority)s: minutes to the first news", priority=name))
        made[f"resolved_{priority}"] = _minutes(_l("%(priority)s: minutes to the resolution", priority=name))
    return made


PrioritiesForm = type("PrioritiesForm", (PrioritiesBase,), _fields())


def present_values(matrix: dict[tuple[int, int], int], targets: dict[int, Targets]) -> dict[str, int]:
    """What the form shows to begin with."""
    values = {f"cell_{i}_{u}": priority for (i, u), priority in matrix.items()}
    for priority, times in targets.items():
        values[f"first_{priority}"] = int(times.first_news.total_seconds()) // 60
        values[f"resolved_{priority}"] = int(times.resolution.total_seconds()) // 60
    return values
