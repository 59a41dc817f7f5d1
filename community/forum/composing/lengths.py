"""How short a text may be, in one table. It holds for what people type into forms, not for imports, mail or the desk.

| text              | letters | Chinese characters | why                                                          |
|-------------------|--------:|-------------------:|--------------------------------------------------------------|
| title of a thread |      15 |                  6 | others must know from a list whether they can help           |
| opening post      |      20 |                  8 | one line is never enough to be helped by                     |
| reply             |       5 |                  2 | "That worked" is what the next reader most wants to know     |

A Chinese, Japanese or Korean character says as much as two and a half letters, so mixed texts are weighed as one.
"""

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import ValidationError

from community.core.forms import seen

LETTERS_A_CHARACTER = 2.5
_CHARACTER = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Shortest:
    """The least that a text must have: in letters, and in characters of languages that need fewer."""

    letters: int
    characters: int


TITLE = Shortest(15, 6)
OPENING = Shortest(20, 8)
REPLY = Shortest(5, 2)


def weight(text: str) -> float:
    """The length in letters of what is seen of a text; white space in a row counts once."""
    plain = seen(text)
    dense = len(_CHARACTER.findall(plain))
    return len(plain) - dense + dense * LETTERS_A_CHARACTER


class LongEnough:
    """Refuses texts that are too short. What stood there before and was not changed is left alone."""

    def __init__(self, shortest: Shortest) -> None:
        self.shortest = shortest

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` saying how much is missing."""
        given = field.data or ""
        if weight(given) >= self.shortest.letters or given == field.object_data:
            return
        raise ValidationError(
            _(
                "Please write a little more: at least %(letters)s characters, or %(characters)s in Chinese.",
                letters=self.shortest.letters,
                characters=self.shortest.characters,
            )
        )
