"""The form of the priority matrix and the target times."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, SelectField
from wtforms.validators import InputRequired, ValidationError

from bridge import words
from bridge.durations import DurationField
from bridge.fields import choices
from community.core.forms import PageForm

from .classes import IMPACTS, PRIORITIES, URGENCIES
from .priorities import Targets

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=365)


def _cell(impact: int, urgency: int) -> SelectField:
    label = _l("%(impact)s, %(urgency)s", impact=words.IMPACTS[impact], urgency=words.URGENCIES[urgency])
    return SelectField(label, coerce=int, choices=choices(words.PRIORITIES.items()))


def _within_a_year(form: Form, field: Field) -> None:
    if field.data is not None and not SHORTEST <= field.data <= LONGEST:
        raise ValidationError(_("Between one minute and a year."))


def _time(label: object) -> DurationField:
    needed = InputRequired(_l("Write how long, such as 30 min, 4 h or 2 d."))
    return DurationField(label, validators=[needed, _within_a_year])


class PrioritiesBase(PageForm):
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
        return {p: Targets(*(f.data for f in self.times(p))) for p in PRIORITIES}

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
        made[f"first_{priority}"] = _time(_l("%(priority)s: first news within", priority=name))
        made[f"resolved_{priority}"] = _time(_l("%(priority)s: settled within", priority=name))
    return made


PrioritiesForm = type("PrioritiesForm", (PrioritiesBase,), _fields())


def present_values(matrix: dict[tuple[int, int], int], targets: dict[int, Targets]) -> dict[str, int | timedelta]:
    """What the form shows to begin with."""
    values: dict[str, int | timedelta] = {f"cell_{i}_{u}": priority for (i, u), priority in matrix.items()}
    for priority, times in targets.items():
        values[f"first_{priority}"] = times.first_news
        values[f"resolved_{priority}"] = times.resolution
    return values
