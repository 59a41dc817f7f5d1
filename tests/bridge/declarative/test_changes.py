"""Changes by number, and by time where a desk can only list."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.desks.contract import (
    DeskRefusedError,
)

from .odd import BASIC, answering


def test_changes_by_number_and_cursor_pages() -> None:
    rows: list[dict[str, Any]] = [{"ticket": "A", "n": 1}, {"ticket": "B", "n": 2}]

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        if path == "/newest":
            return 200, {}, {"n": len(rows)}
        found = [row for row in rows if row["n"] > int(query["after"])]
        start = int(query.get("c", "0"))
        return 200, {}, {"rows": found[start : start + 1], "more": str(start + 1) if found[start + 1 :] else None}

    with answering(answer, BASIC) as desk:
        begun = desk.changes_since("")
        assert begun.ids == ()
        assert set(desk.changes_since(begun.cursor).ids) == {"A", "B"}  # within the overlap, and not seen before
        rows += [{"ticket": "A", "n": 3}, {"ticket": "C", "n": 4}, {"ticket": "", "n": 5}]
        seen = desk.changes_since(begun.cursor)
        assert set(seen.ids) == {"A", "B", "C"}
        assert desk.changes_since(seen.cursor).ids == ()
        with pytest.raises(DeskRefusedError):
            desk.changes_since('[{"last": "x"}]')


def test_changes_by_number_from_the_newest_on() -> None:
    rows: list[dict[str, Any]] = [{"ticket": "A", "n": 1}]
    file = BASIC.replace('now = { path = "/newest", take = { since = "n" } }', "newest_first = true")
    file = file.replace('paging = { kind = "cursor", parameter = "c", next = "more" }', "").replace("overlap = 2", "")
    with answering(lambda *asked: (200, {}, {"rows": rows[::-1]}), file) as desk:
        begun = desk.changes_since("")
        rows += [{"ticket": "B", "n": 2}, {"ticket": "C", "n": 3}]
        assert desk.changes_since(begun.cursor).ids == ("C", "B")
        rows.append({"ticket": "D", "n": "many"})
        with pytest.raises(DeskRefusedError):
            desk.changes_since(begun.cursor)


@pytest.mark.parametrize("order", ["", "newest_first = true"])
def test_changes_by_time_are_read_until_they_are_old(order: str) -> None:
    now = int(datetime.now(UTC).timestamp())
    rows = [{"ticket": "old", "t": now - 9000}, {"ticket": "A", "t": now + 1}, {"ticket": "A", "t": now + 2}]
    file = BASIC.replace('sequence = "n"\noverlap = 2', f'at = "t"\n{order}').replace("[times]", "[times]")
    file = file.replace('now = { path = "/newest", take = { since = "n" } }\n', "")
    file = file.replace('paging = { kind = "cursor", parameter = "c", next = "more" }', "")

    def answer(method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        return (200, {}, {"name": "bridge"}) if path == "/me" else (200, {}, {"rows": rows[::-1] if order else rows})

    with answering(answer, file) as desk:
        begun = desk.changes_since("")
        assert begun.ids == ()
        assert desk.changes_since(begun.cursor).ids == ()
        rows.append({"ticket": "A", "t": now + 2, "n": 2})
        rows.append({"ticket": "B", "t": now + 3})
        seen = desk.changes_since(begun.cursor)
        assert set(seen.ids) == {"A", "B"}
        assert desk.changes_since(seen.cursor).ids == ()


def test_numbers_that_were_counted_already() -> None:
    rows = [{"ticket": "A", "n": 1}, {"ticket": "B", "n": 9}]
    file = BASIC.replace('now = { path = "/newest", take = { since = "n" } }\n', "").replace("overlap = 2\n", "")
    file = file.replace('paging = { kind = "cursor", parameter = "c", next = "more" }', "")
    with answering(lambda *asked: (200, {}, {"rows": rows}), file) as desk:
        begun = desk.changes_since("")
        rows.append({"ticket": "A", "n": 10})
        assert desk.changes_since(begun.cursor).ids == ("A",)
