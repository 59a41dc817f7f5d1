"""Where something stands in an answer, and whether it is as it should be: the two small notations of desk files.

path      = "." | step *( "." step )
step      = ( name | "*" ) *( index )          "*": every value of an object
name      = bare | quoted                      bare: letters, digits, _ - @ $ :
index     = "[" ( "*" | number | name "=" literal ) "]"     "*": every entry; -1: the last
condition = "always" | test *( " and " test )
test      = [ "not " ] path [ ( "=" | "!=" ) value | "in" "(" value *( "," value ) ")" ]
value     = literal | "{" name "}"
literal   = quoted | number | "true" | "false" | "null"
An option may be a name or a part of one: "custom_{option.field}".
quoted    = "'" text "'" | '"' text '"'
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ALWAYS = "always"
_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>'[^']*'|"[^"]*")|(?P<value>\{[A-Za-z_][\w.]*\})|(?P<bare>-?[A-Za-z0-9_@$:][A-Za-z0-9_\-@$:]*)"""
    r"""|(?P<sign>!=|[.\[\]*=(),]))"""
)
OPTION = re.compile(r"\{option\.(\w+)\}")
OPTION_IN_NAME = re.compile(r"(?<=[\w\-@$:'\"])\{option\.(\w+)\}")
_NUMBER = re.compile(r"-?[0-9]+")
_WORDS = {"true": True, "false": False, "null": None}


class NotationError(ValueError):
    """A path, condition or template that cannot be read; says what was expected."""


@dataclass(frozen=True)
class Operand:
    """What is compared with: a constant, or the value of a name."""

    constant: Any = None
    name: str = ""

    def agrees(self, found: object, values: Mapping[str, Any]) -> bool:
        """Whether it is what was found. A constant must be of the same kind: `0` is not `false`, nor `'0'`."""
        if self.name:
            return found is not None and str(found) == str(values.get(self.name, ""))
        return type(found) is type(self.constant) and found == self.constant


@dataclass(frozen=True)
class Index:
    """Which entries of a list: all, one by its place, or those with a value."""

    every: bool = False
    place: int = 0
    name: str = ""
    operand: Operand | None = None

    def of(self, found: object) -> list[Any]:
        """The chosen entries; none where there is no list."""
        if not isinstance(found, list):
            return []
        if self.every:
            return found
        if (operand := self.operand) is not None:
            return [one for one in found if isinstance(one, dict) and operand.agrees(one.get(self.name), {})]
        return found[self.place :][:1] if self.place != -1 else found[-1:]


@dataclass(frozen=True)
class Path:
    """A way to values in an answer. `steps` are the name of an object's member, or None for every member."""

    text: str
    steps: tuple[tuple[str | None, tuple[Index, ...]], ...]

    def all(self, answer: object) -> list[Any]:
        """Every value there, in order; nothing where the way ends early. A list at the end counts as its entries."""
        found = [answer]
        for name, indexes in self.steps:
            found = [value for one in found for value in _members(one, name)]
            for index in indexes:
                found = [value for one in found for value in index.of(one)]
        return [value for one in found for value in (one if isinstance(one, list) else [one])]

    def one(self, answer: object) -> Any:
        """The first value there, or None."""
        return next(iter(self.all(answer)), None)


def _members(found: object, name: str | None) -> Iterator[Any]:
    if isinstance(found, dict):
        if name is None:
            yield from found.values()
        elif name in found:
            yield found[name]


@dataclass(frozen=True)
class Test:
    """One comparison. Without operands: whether there is anything but `false`, `null`, `0` and empty."""

    path: Path
    operands: tuple[Operand, ...] = ()
    negated: bool = False

    def holds(self, answer: object, values: Mapping[str, Any]) -> bool:
        """Whether it is so."""
        found = self.path.one(answer)
        said = any(one.agrees(found, values) for one in self.operands) if self.operands else bool(found)
        return said != self.negated


@dataclass(frozen=True)
class Condition:
    """Comparisons that must all hold; none at all always holds."""

    text: str
    tests: tuple[Test, ...] = ()

    def holds(self, answer: object, values: Mapping[str, Any]) -> bool:
        """Whether all of it is so."""
        return all(test.holds(answer, values) for test in self.tests)

    @property
    def names(self) -> frozenset[str]:
        """The names whose values it compares with."""
        return frozenset(one.name for test in self.tests for one in test.operands if one.name)


class _Reader:
    """The tokens of a notation, one after the other."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.tokens = list(self._split())

    def _split(self) -> Iterator[tuple[str, str]]:
        place = 0
        while self.text[place:].strip():
            found = _TOKEN.match(self.text, place)
            if found is None:
                raise NotationError(f"“{self.text[place:].strip()}” cannot be read in “{self.text}”")
            place = found.end()
            yield str(found.lastgroup), found.group(str(found.lastgroup))

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> bool:
        """Go past the next token if it is one of these."""
        if self.peek() and self.peek() in wanted:
            self.at += 1
            return True
        return False

    def need(self, wanted: str) -> None:
        if not self.take(wanted):
            raise NotationError(f"“{wanted}” was expected instead of “{self.peek() or 'the end'}” in “{self.text}”")

    def next(self, *kinds: str) -> tuple[str, str]:
        kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "the end")
        if kind not in kinds:
            raise NotationError(f"a name or a value was expected instead of “{token}” in “{self.text}”")
        self.at += 1
        return kind, token

    def name(self) -> str:
        kind, token = self.next("bare", "quoted")
        return token[1:-1] if kind == "quoted" else token

    def operand(self) -> Operand:
        kind, token = self.next("bare", "quoted", "value")
        if kind == "value":
            return Operand(name=token[1:-1])
        if kind == "quoted":
            return Operand(token[1:-1])
        if _NUMBER.fullmatch(token):
            return Operand(int(token))
        if token in _WORDS:
            return Operand(_WORDS[token])
        raise NotationError(f"text stands in quotes: write '{token}' in “{self.text}”")

    def index(self) -> Index:
        if self.take("*"):
            made = Index(every=True)
        else:
            name = self.name()
            if self.take("="):
                made = Index(name=name, operand=self.operand())
            elif _NUMBER.fullmatch(name) and int(name) >= -1:
                made = Index(place=int(name))
            else:
                raise NotationError(f"[{name}] is neither [*], a place such as [0] or [-1], nor [name='value']")
        self.need("]")
        return made

    def path(self) -> Path:
        start = self.at
        if self.take("."):
            return Path(".", ())
        steps = [self.step()]
        while self.take("."):
            steps.append(self.step())
        return Path("".join(token for _kind, token in self.tokens[start : self.at]), tuple(steps))

    def step(self) -> tuple[str | None, tuple[Index, ...]]:
        name = None if self.take("*") else self.name()
        indexes = []
        while self.take("["):
            indexes.append(self.index())
        return name, tuple(indexes)

    def test(self) -> Test:
        negated = self.take("not")
        path = self.path()
        if self.take("in"):
            self.need("(")
            operands = [self.operand()]
            while self.take(","):
                operands.append(self.operand())
            self.need(")")
            return Test(path, tuple(operands), negated)
        if self.take("!="):
            return Test(path, (self.operand(),), not negated)
        return Test(path, (self.operand(),) if self.take("=") else (), negated)

    def end(self) -> None:
        if self.peek():
            raise NotationError(f"“{self.peek()}” was not expected in “{self.text}”")


def read_path(text: str) -> Path:
    """A path from its text; options in it have been filled in. Raises `NotationError`."""
    reader = _Reader(text)
    path = reader.path()
    reader.end()
    return path


def read_condition(text: str) -> Condition:
    """A condition from its text. Raises `NotationError`."""
    if text.strip() == ALWAYS:
        return Condition(text)
    reader = _Reader(text)
    tests = [reader.test()]
    while reader.take("and"):
        tests.append(reader.test())
    reader.end()
    return Condition(text, tuple(tests))
