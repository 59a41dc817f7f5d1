"""The forms of rules and working hours. What is wrong is said beside the field; nothing typed is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import Field as Part
from dataclasses import fields
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from bridge import words
from bridge.durations import DurationField
from bridge.fields import choices
from community import public
from community.core.forms import PageForm, tidy
from community.public import SpaceSnapshot

from .calendar_data import calendar_data, calendar_from
from .calendars import WEEKDAYS, Calendar
from .conditions import KINDS, Condition
from .explaining import target_words
from .problems import InvalidError, Problem
from .rule_data import CLASSES, THREAD_KINDS, condition_data, rule_from
from .rule_words import DAYS, LABELS, fault
from .rules import Effect, Rule

HOUR = timedelta(hours=1)
# These ask for one of some names that the community keeps; their names are chosen, not typed.
NAMED = frozenset({"service", "organisation", "service_level"})


class MultiCheckboxField(SelectMultipleField):
    """Several of a few choices, as boxes to tick."""

    widget = ListWidget(prefix_label=False)  # type: ignore[assignment]  # any widget will do
    option_widget = CheckboxInput()  # type: ignore[assignment]


class ConditionRow(Form):
    """One condition; which of the fields belong to it is said by its kind."""

    kind = HiddenField()
    hours = StringField(_l("Working hours"), filters=[tidy])
    count = StringField(_l("How many"), filters=[tidy])
    minutes = StringField(_l("Within minutes"), filters=[tidy])
    texts = StringField(_l("Which, with commas between them"), filters=[tidy])
    classes = MultiCheckboxField(_l("Which classes"))
    kinds = MultiCheckboxField(_l("Which kinds"))
    ids = MultiCheckboxField(_l("Which spaces"), coerce=int)
    names = MultiCheckboxField(_l("Which of these"))
    drop = BooleanField(_l("Leave this condition out"))

    @property
    def label(self) -> str:
        """What the condition asks for."""
        return str(LABELS.get(self.kind.data or "", ""))

    @property
    def asked(self) -> list[Field]:
        """The fields that its kind needs."""
        found = KINDS.get(self.kind.data or "")
        return [self[_field_name(found.code, f)] for f in fields(found)] if found else []  # type: ignore[arg-type]

    @property
    def written(self) -> dict[str, Any]:
        """The condition as JSON, right or not."""
        found = KINDS.get(self.kind.data or "")
        named = fields(found) if found else ()  # type: ignore[arg-type]
        code = self.kind.data or ""
        return {"is": self.kind.data} | {f.name: _value(self[_field_name(code, f)]) for f in named}


def _field_name(code: str, part: "Part[Any]") -> str:
    """The field of a row in which a part of a condition is entered."""
    return "names" if code in NAMED else str(part.metadata["is"])


def _value(field: Field) -> Any:
    if isinstance(field, MultiCheckboxField):
        return list(field.data or [])
    text = field.data or ""
    if field.short_name == "texts":
        return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    return _number(text)


def _number(text: str) -> Any:
    """A number where it is one; what is none is told as typed."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


class RuleForm(PageForm):
    """A whole rule but for its key and whether it acts on its own."""

    name = StringField(_l("Name"), filters=[tidy])
    conditions = FieldList(FormField(ConditionRow))
    add_kind = SelectField(_l("One more condition"))
    target_class = SelectField(_l("Class"))
    cap = StringField(_l("At most a day"), filters=[tidy])
    wait = DurationField(_l("Time for super users"))
    in_hours_only = BooleanField(_l("Only during working hours"))
    enabled = BooleanField(_l("Switched on"))

    def __init__(self, spaces: Iterable[SpaceSnapshot], *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        there = list(spaces)
        self._spaces = choices((space.id, space.name) for space in there)
        self._names = _names_with(known_names(there), given.get("data") or {})
        asking = [(code, label) for code, label in LABELS.items() if self._names.get(code, True)]
        self.add_kind.choices = choices([("", _("Choose a condition")), *asking])
        self.target_class.choices = choices([("", target_words("")), *words.CLASSES.items()])
        for row in self.conditions:
            self._offer(row.form)

    def _offer(self, row: ConditionRow) -> None:
        row.classes.choices = choices((name, words.VERDICTS[name]) for name in (*CLASSES, "question"))
        row.kinds.choices = choices((name, words.KINDS[name]) for name in THREAD_KINDS)
        row.ids.choices = self._spaces
        row.names.choices = choices((name, name) for name in self._names.get(row.kind.data or "", ()))

    def rearrange(self, *, add: bool) -> bool:
        """Leave out the rows that are ticked, and add one where asked; whether a row was added."""
        kept = [row for row in self.conditions.entries if not row.form.drop.data]
        self.conditions.entries[:] = kept
        kind = self.add_kind.data
        if not add or kind not in KINDS:
            return False
        row = self.conditions.append_entry({"kind": kind})
        self._offer(row.form)
        self.add_kind.data = ""
        return True

    def rule(self, key: str, effect: Effect) -> Rule | None:
        """The rule as entered; None where something is wrong, which then stands beside its field."""
        if not self.validate():
            return None
        data = {
            "key": key,
            "name": self.name.data or "",
            "conditions": [row.form.written for row in self.conditions],
            "effect": str(effect),
            "target_class": self.target_class.data,
            "in_hours_only": self.in_hours_only.data,
            "cap": _number(self.cap.data) if self.cap.data else None,
            "wait_hours": self.wait.data / HOUR if self.wait.data is not None else 0,
            "enabled": self.enabled.data,
        }
        try:
            return rule_from(data)
        except InvalidError as error:
            for problem in error.problems:
                self._say(problem)
            return None

    def _say(self, problem: Problem) -> None:
        field = self._field_of(problem.where.split("."))
        field.errors = (*field.errors, fault(problem))

    def _field_of(self, where: list[str]) -> Field:
        """The field that a problem is about; the list of conditions where there is no nearer one."""
        if where[0] == "conditions" and len(where) > 2:
            row = self.conditions[int(where[1])].form
            code = row.kind.data or ""
            named = {f.name: _field_name(code, f) for f in fields(KINDS[code])}  # type: ignore[arg-type]
            found: Field = row[named[where[2]]] if where[2] in named else row.kind
            return found
        return {"name": self.name, "cap": self.cap, "wait_hours": self.wait, "target_class": self.target_class}.get(
            where[0], self.conditions
        )


def known_names(spaces: Iterable[SpaceSnapshot]) -> dict[str, list[str]]:
    """By kind of condition: the names that can be asked for, those of the spaces' services among them."""
    organisations = public.organisations()
    return {
        "service": _sorted(space.service for space in spaces),
        "organisation": [each.name for each in organisations],
        "service_level": _sorted(each.service_level for each in organisations),
    }


def _sorted(names: Iterable[str]) -> list[str]:
    """The names, each once however it is written in capitals."""
    return sorted({name.casefold(): name for name in names if name}.values(), key=str.casefold)


def _names_with(known: Mapping[str, list[str]], present: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names to choose from: those that there are, and those that the rule asks for although they are gone."""
    found = {kind: list(names) for kind, names in known.items()}
    for row in present.get("conditions", ()):
        if row["kind"] in NAMED:
            names = found[row["kind"]]
            names.extend(name for name in row["names"] if name not in names)
    return found


def present_rule(rule: Rule, name: str) -> dict[str, Any]:
    """What the form of a rule shows to begin with."""
    return {
        "name": name,
        "conditions": [_row(condition) for condition in rule.conditions],
        "target_class": rule.target_class,
        "cap": "" if rule.cap is None else str(rule.cap),
        "wait": rule.wait,
        "in_hours_only": rule.in_hours_only,
        "enabled": rule.enabled,
    }


def _row(condition: Condition) -> dict[str, Any]:
    data = condition_data(condition)
    row: dict[str, Any] = {"kind": condition.code}
    for each in fields(type(condition)):  # type: ignore[arg-type]
        value, form = data[each.name], _field_name(condition.code, each)
        row[form] = ", ".join(value) if form == "texts" else value if isinstance(value, list) else f"{value:g}"
    return row


class HoursBase(PageForm):
    """Working hours of a place."""

    name = StringField(_l("Name"), filters=[tidy])
    zone = StringField(_l("Time zone"), filters=[tidy])
    holidays = TextAreaField(_l("Holidays"))

    def day(self, name: str) -> Field:
        """The field of a day of the week."""
        found: Field = self[f"day_{name}"]
        return found

    def calendar(self) -> Calendar | None:
        """The hours as entered; None where something is wrong, which then stands beside its field."""
        if not self.validate():
            return None
        week = {day: _parts(self.day(day).data) for day in WEEKDAYS}
        data = {"name": self.name.data, "zone": self.zone.data, "week": week, "holidays": _holidays(self.holidays.data)}
        try:
            return calendar_from(data)
        except InvalidError as error:
            for problem in error.problems:
                field = self._field_of(problem.where)
                field.errors = (*field.errors, fault(problem))
            return None

    def _field_of(self, where: str) -> Field:
        first, _dot, day = where.partition(".")
        found: Field = self.day(day) if first == "week" and day in WEEKDAYS else self[first]
        return found


def _parts(text: str | None) -> list[str]:
    plain = (text or "").replace("，", ",").replace("、", ",").replace("：", ":")
    return [part.strip() for part in plain.split(",") if part.strip()]


def _holidays(text: str | None) -> dict[str, str]:
    found = {}
    for line in (text or "").splitlines():
        day, _space, name = line.strip().partition(" ")
        if day:
            found[day] = name.strip()
    return found


HoursForm: type[HoursBase] = type(
    "HoursForm", (HoursBase,), {f"day_{day}": StringField(label, filters=[tidy]) for day, label in DAYS.items()}
)


def present_hours(calendar: Calendar) -> dict[str, str]:
    """What the form of working hours shows to begin with."""
    data = calendar_data(calendar)
    days = {f"day_{day}": ", ".join(spans) for day, spans in data["week"].items()}
    holidays = "\n".join(f"{day} {name}".strip() for day, name in data["holidays"].items())
    return {"name": calendar.name, "zone": calendar.zone, "holidays": holidays, **days}
