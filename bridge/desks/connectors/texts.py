"""Texts on their way: ours as a desk gets them, theirs as plain Markdown, and times."""

import html
import re
from datetime import UTC, datetime

import nh3
from markdownify import markdownify

from bridge.desks.contract import DeskUnreachableError, Outgoing, OutgoingComment

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """One kind of line end, nothing that a desk's database refuses, no space around it."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def from_html(text: str) -> str:
    """A desk's HTML as Markdown: no scripts, no styles."""
    return clean(html.unescape(markdownify(nh3.clean(text), heading_style="ATX")))


def one_line(text: str, longest: int) -> str:
    """A title: one line, cut where it is longer than the desk takes."""
    line = SPACES.sub(" ", clean(text))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def opening(query: Outgoing) -> str:
    """The first words of a query at the desk: its text, then where it comes from and how it was judged."""
    judged = [query.query_class, f"impact {query.impact}", f"urgency {query.urgency}", f"priority {query.priority}"]
    facts = [
        query.thread_url,
        " · ".join((query.ref, *judged)),
        f"people affected: {query.people}" if query.people > 1 else "",
        ", ".join(query.tags),
    ]
    return f"{clean(query.text)}\n\n---\n" + "\n".join(one_line(fact, 1000) for fact in facts if fact)


def spoken(comment: OutgoingComment) -> str:
    """The words of a comment, with its key in them."""
    text = clean(comment.text)
    return text if comment.key in text else f"{text}\n\n{comment.key}"


def utc(text: str) -> datetime:
    """A desk's time with its zone, or in UTC where it names none. Raises `DeskUnreachableError` where it is no time."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise DeskUnreachableError(f"{text!r} is no time") from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
