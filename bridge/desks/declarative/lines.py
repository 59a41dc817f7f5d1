"""On which line of a TOML file a key stands, which the parser of the standard library does not tell."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

Key = tuple[str | int, ...]
_HEAD = re.compile(r"\s*(\[{1,2})\s*([^\]#]+?)\s*\]{1,2}")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)""")
_NAME = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_FENCES = ('"' * 3, "'" * 3)


def key_lines(text: str) -> Mapping[Key, int]:
    """Lines, from 1, of tables and keys. Keys inside of a value that spans lines are found with the value."""
    return dict(_found(text.splitlines()))


def line_of(lines: Mapping[Key, int], key: Key) -> int:
    """The line of a key, or of what it would stand in."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def _found(rows: list[str]) -> Iterator[tuple[Key, int]]:
    table: Key = ()
    seen: Counter[Key] = Counter()
    skip = 0
    for number, row in enumerate(rows, 1):
        if number <= skip:
            continue
        if head := _HEAD.match(row):
            table = _names(head.group(2))
            if head.group(1) == "[[":
                seen[table] += 1
                yield table, number
                table = (*table, seen[table] - 1)
            yield table, number
        elif pair := _KEY.match(row):
            names = _names(pair.group(1))
            yield from ((table + names[: end + 1], number) for end in range(len(names)))
            skip = _last(rows, number, pair.group(2))


def _names(text: str) -> Key:
    return tuple(name.strip("\"'") for name in _NAME.findall(text))


def _last(rows: list[str], number: int, value: str) -> int:
    """The last line of a value that begins in line `number`."""
    for fence in _FENCES:
        if value.count(fence) % 2:
            return next((at for at, row in enumerate(rows[number:], number + 1) if fence in row), number)
    depth = _depth(value)
    while depth > 0 and number < len(rows):
        depth += _depth(rows[number])
        number += 1
    return number


def _depth(text: str) -> int:
    bare = re.sub(r""""(?:\\.|[^"\\])*"|'[^']*'|#.*""", "", text)
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
