"""How a hand-over is called in mail: its address, its Message-IDs, the mark in its subjects. And the letters' texts."""

import html
import re
from dataclasses import dataclass

from flask_babel import gettext as _

from bridge.desks.connectors.texts import one_line
from bridge.queries.models import PREFIX
from community.core import i18n
from community.core.mail import addresses
from community.core.mail.trimming import REPLY_LINE_OF, REPLY_LINES
from community.core.markup import render

NAME = "desk"
LONGEST_SUBJECT = 180
_REF = re.compile(rf"isthmus-([0-9a-f]{{6}})-{PREFIX}([0-9]{{1,10}})-([0-9]{{1,6}})(?:\.(.*))?", re.IGNORECASE)
_MARK = re.compile(rf"\[{PREFIX}([0-9]{{1,10}})-([0-9]{{1,6}}) #([0-9a-f]{{6}})\]", re.IGNORECASE)
_THEIRS = re.compile(r"\[([^\[\]\r\n]{0,60}#\s?[0-9]{1,20})\]")


@dataclass(frozen=True)
class Ref:
    """A hand-over by its parts: the installation, the number of its query, and how often that was handed over."""

    installation: str
    number: int
    turn: int

    @property
    def text(self) -> str:
        """The reference of the hand-over."""
        return f"isthmus-{self.installation}-{self.query}-{self.turn}"

    @property
    def query(self) -> str:
        """The reference of the query."""
        return f"{PREFIX}{self.number:05d}"

    @property
    def mark(self) -> str:
        """What stands in subjects."""
        return f"[{self.query}-{self.turn} #{self.installation}]"

    @property
    def address(self) -> str:
        """Where answers go."""
        return addresses.make_address(NAME, (self.number, self.turn))

    def message_id(self, part: str = "") -> str:
        """The Message-ID of the opening letter, or of a part such as a comment's key; always the same one."""
        return addresses.make_message_id(NAME, f"{self.text}.{part}" if part else self.text)


def read_ref(text: str) -> tuple[Ref, str] | None:
    """A reference, and the part that a Message-ID's key names after it."""
    found = _REF.fullmatch(text)
    return (Ref(found[1].lower(), int(found[2]), int(found[3])), found[4] or "") if found else None


def mark_in(subject: str) -> Ref | None:
    """The hand-over that a subject names."""
    found = _MARK.search(subject)
    return Ref(found[3].lower(), int(found[1]), int(found[2])) if found else None


def their_number(subject: str) -> str:
    """The number that the desk's own system put into a subject, such as "support.example #123"; or ""."""
    found = _THEIRS.search(_MARK.sub("", subject))
    return found[1].strip()[:120] if found else ""


def subject_of(ref: Ref, title: str, number: str = "") -> str:
    """One line with our mark, and with the desk's own number once it is known."""
    words = one_line(_MARK.sub("", title), LONGEST_SUBJECT)
    if not number:
        return one_line(f"{ref.mark} {words}", LONGEST_SUBJECT)
    return one_line(f"Re: [{number}] {ref.mark} {words}", LONGEST_SUBJECT)


def bodies(text: str) -> tuple[str, str]:
    """A letter's plain text, which is its Markdown, and its HTML; answers are written above the first line."""
    line = REPLY_LINE_OF.get(i18n.language(), REPLY_LINES[0])
    foot = _("Answer this mail: what you write is shown in the community once somebody there has released it.")
    shown = render(f"{text}\n\n{foot}").html
    page = (
        f'<!doctype html><html lang="{i18n.language()}"><head><meta charset="utf-8"></head>'
        f"<body><p>{html.escape(line)}</p>{shown}</body></html>"
    )
    return f"{line}\n\n{text}\n\n{foot}\n", page
