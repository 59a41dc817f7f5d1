"""What is wrong with data that people or files gave: a code, where, and values. `explaining` has the sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One fault. `code` names the sentence, `where` the field ("conditions.1.hours"), `value` what was found there."""

    code: str
    where: str = ""
    value: str = ""

    def within(self, place: str) -> "Problem":
        """The same fault, seen from one level further out."""
        return Problem(self.code, f"{place}.{self.where}" if self.where else place, self.value)


class InvalidError(ValueError):
    """Data that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.where}: {p.code} {p.value}".strip(": ") for p in self.problems))


def mapping(data: object) -> Mapping[str, Any]:
    """The data as a JSON object. Raises `InvalidError` for anything else."""
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise InvalidError([Problem("not an object", value=brief(data))])
    return data


def unknown_fields(data: Mapping[str, Any], known: Iterable[str]) -> list[Problem]:
    """One problem for each field that nobody would read."""
    return [Problem("unknown field", value=brief(name)) for name in sorted(set(data) - set(known))]


def brief(value: object) -> str:
    """A value as a message shows it: at most 60 characters."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
