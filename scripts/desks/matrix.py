"""Writes docs/desks.md from the results of the contract tests: `python -m scripts.desks.matrix RESULTS.xml ...`.

The results are what `pytest tests/bridge --junitxml=RESULTS.xml` writes. A row is a test, a column a desk.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

DOCS = Path(__file__).parents[2] / "docs" / "desks.md"
NAME = re.compile(r"^test_(\w+)\[(.+)\]$")
DESKS = {
    "rt": "Request Tracker 5",
    "roundup": "Roundup 2.6",
    "django_helpdesk": "django-helpdesk 2.6",
    "file:roundup": "Roundup, by file",
    "file:django-helpdesk": "django-helpdesk, by file",
}
# Where the tests are, and how their names for the desks begin here.
MODULES = {
    "tests.bridge.connectors.test_contract": "",
    "tests.bridge.connectors.test_files": "",
    "tests.bridge.connectors.test_pushes": "",
    "tests.bridge.handovers.test_killed": "",
    "tests.bridge.declarative.test_contract": "file:",
    "tests.bridge.declarative.test_files": "file:",
}
SIGNS = {"passed": "yes", "skipped": "–", "failed": "**no**"}
HEAD = """# Service desks

What each connector does, written from the results of the contract tests against the real programs (`make desks`).
"yes" is a test that passed, "–" something that this desk cannot do or that does not apply to it.

"""
TAIL = """
## Files

Only files of words that everybody may read cross, up to 5 MB each. The desks differ in what they need for it:

- **Request Tracker** keeps text in other encodings than UTF-8, and mails, unchanged only as plain bytes, so that is how
  they are sent. Its own limit (`$MaxAttachmentSize`) must not be smaller.
- **Roundup** lets files hang on a query and on a message. Only those of a public message cross; its pages link a file
  with the message that is written along with it.
- **django-helpdesk** takes only the kinds in its setting `HELPDESK_VALID_EXTENSIONS`; words whose files it refuses are
  taken back. It leaves it to the web server to give files out (`MEDIA_URL`), which must be on the desk's own host.

## Which queries go where

`/admin/desks/routes` leads queries to a desk by class, by space, by the organisation of their author, or by several of
these together; without a route the built-in desk has them. The most particular route holds: one that names an
organisation before one that names a space, that before one that names a class, and of two alike the upper one. The
page shows what the routes come to. Suspicious activity only leaves where a route names its class; one that becomes
suspicious later leaves a desk that may not know of it. A thread that was taken for suspicious and is not, is shown
again on the page of its query, once its class is right.

## Many at once

What goes to a desk stands in a line, and several are carried at the same time: four unless the desk's settings say
otherwise ("How many queries are carried at the same time", 1 to 32). Each query's words stay in order, and each is
there once, however many workers there are. Take more for a desk that is far away and has room, fewer for a small one.

- **What it takes on our side**: a job waits while its desk thinks, so there must be more jobs at once than all desks
  may have together; mail and pushes need a turn too. `isthmus run --jobs 8`, `isthmus worker --jobs 8` (6 by default),
  or several workers beside each other: the number of a desk holds for all of them together. Jobs that ask no other
  server go first.
- **A desk that asks for patience** (429 or 503) is left in peace for as long as it says, one that is silent three times
  for 30 seconds and then longer, up to 15 minutes. The pause holds for all that is under way: each stops before its
  next step. The first after a pause goes alone; when it was answered, the others follow.
- **A worker that was killed** leaves its places at the desk taken for 90 seconds: its requests may still be under way.

`python -m benchmarks.desks --queries 1000 --at-once 1 4` measures it with real desks; see [benchmarks](benchmarks.md).
"""


def outcome(case: etree._Element) -> str:
    """How a test ended."""
    kinds = {child.tag for child in case}
    return "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"


def desk_in(variant: str) -> str:
    """The desk that a variant of a test begins with, or ""."""
    fitting = [desk for desk in DESKS if variant == desk or variant.startswith(f"{desk}-")]
    return max(fitting, key=len, default="")


def results(files: Iterable[Path]) -> dict[str, dict[str, str]]:
    """Test by desk: outcome; of several variants the worst counts."""
    found: dict[str, dict[str, str]] = {}
    worst = list(SIGNS)
    for file in files:
        for case in etree.parse(file).iter("testcase"):
            parts, module = NAME.match(case.get("name", "")), MODULES.get(case.get("classname", ""))
            desk = desk_in(module + parts[2]) if parts and module is not None else ""
            if parts and desk:
                row = found.setdefault(parts[1], {})
                row[desk] = max(row.get(desk, "passed"), outcome(case), key=worst.index)
    return found


def table(found: dict[str, dict[str, str]]) -> str:
    """The matrix as Markdown."""
    desks = [desk for desk in DESKS if any(desk in row for row in found.values())]
    lines = ["| | " + " | ".join(DESKS[desk] for desk in desks) + " |", "|---" * (len(desks) + 1) + "|"]
    for test, row in found.items():
        signs = " | ".join(SIGNS[row[desk]] if desk in row else "" for desk in desks)
        lines.append(f"| {test.replace('_', ' ').capitalize()} | {signs} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCS.write_text(HEAD + table(results(map(Path, sys.argv[1:]))) + TAIL, encoding="utf-8")
