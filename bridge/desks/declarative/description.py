"""A desk file, read and found right."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import times
from .checking import check
from .paths import OPTION, OPTION_IN_NAME, Condition, read_condition, read_path
from .paths import Path as Way
from .schema import CONDITION, PAGING, PATH, SECTIONS

NO_PATHS = frozenset(
    {"json", "form", "multipart", "each", "query", "headers", "values", "escapes", "options", "secrets"}
)
_KEYS = [*PAGING.items(), *(pair for section in SECTIONS.values() for pair in section.keys.items())]
PATH_KEYS = frozenset(name for name, key in _KEYS if key.kind == PATH)
CONDITION_KEYS = frozenset({"must", "when", *(name for name, key in _KEYS if key.kind == CONDITION)})
SHIPPED = Path(__file__).parents[1] / "files"


class DeskFileError(ValueError):
    """A desk file that cannot be used; one line for each thing that is wrong."""


@dataclass(frozen=True)
class Description:
    """The parts of a desk file. `data` is what stands in it; the methods read its small notations."""

    data: Mapping[str, Any]

    def filled(self, options: Mapping[str, str]) -> "Description":
        """The same with options in the names of its paths filled in."""
        return Description({key: _filled(key, value, options) for key, value in self.data.items()})

    @property
    def name(self) -> str:
        """What the desk's program is called."""
        return str(self.data["name"])

    def part(self, name: str) -> Mapping[str, Any]:
        """A part by its dotted name; empty where the file has none."""
        found: Any = self.data
        for one in name.split("."):
            found = found.get(one, {})
        return dict(found)

    def lists(self) -> list[Mapping[str, Any]]:
        """The lists that show changes: mostly one."""
        part = self.part("changes")
        return list(part.get("lists", [part]))

    def steps(self, name: str) -> list[Mapping[str, Any]]:
        """The requests of a part in their order; none where it asks nothing."""
        part = self.part(name)
        if "steps" in part:
            return list(part["steps"])
        return [part] if "path" in part else []

    def path(self, name: str, key: str) -> Way | None:
        """A path of a part, or None where the file has none."""
        text = self.part(name).get(key)
        return None if text is None else read_path(text)

    def condition(self, name: str, key: str) -> Condition | None:
        """A condition of a part, or None where the file has none."""
        text = self.part(name).get(key)
        return None if text is None else read_condition(text)

    @property
    def maps(self) -> Mapping[str, Mapping[str, Any]]:
        """The maps of [values]."""
        return self.part("values")

    @property
    def escapes(self) -> Mapping[str, Mapping[str, str]]:
        """The replacements of [escapes]."""
        return self.part("escapes")

    @property
    def secrets(self) -> Mapping[str, str]:
        """The names of the secrets that an administrator enters, and what each is."""
        return self.part("secrets")

    @property
    def options(self) -> Mapping[str, Mapping[str, str]]:
        """What else an administrator enters: for each name what is asked, and perhaps a default."""
        return self.part("options")

    @property
    def time_form(self) -> str:
        """How the desk writes times."""
        return str(self.part("times").get("format", times.ISO))


def _filled(key: str, value: Any, options: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping) and key not in NO_PATHS:
        paths = key in ("take", "take_header")
        return {name: _filled("id" if paths else name, one, options) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(key, one, options) for one in value]
    if not isinstance(value, str) or (key not in PATH_KEYS and key not in CONDITION_KEYS):
        return value
    pattern = OPTION if key in PATH_KEYS else OPTION_IN_NAME
    return pattern.sub(lambda found: options.get(found.group(1), found.group()), value)


def read_description(text: str) -> Description:
    """A desk file from its text. Raises `DeskFileError` with all that is wrong."""
    faults = check(text)
    if faults:
        raise DeskFileError("\n".join(f"line {fault.line}: {fault.text}" for fault in faults))
    return Description(tomllib.loads(text))


def shipped() -> Mapping[str, Description]:
    """The desk files that come with the program, by their names."""
    return {path.stem: read_description(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.toml"))}
