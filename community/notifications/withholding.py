"""What others should not read is taken out of mail: nobody can be asked before it is published, as the page does."""

import re

from flask_babel import gettext as _

from community.core.sensitive.finding import OwnPattern, find, masked
from community.forum.composing.guarding import WORDS, own_patterns


def withheld(text: str) -> tuple[str, list[str]]:
    """The text with words in the place of what was found, and a line about each kind of it."""
    rows = own_patterns()
    names = {f"own{row.id}": row.name for row in rows}
    found = find(text, [OwnPattern(f"own{row.id}", re.compile(row.pattern)) for row in rows])
    if not found:
        return text, []
    words = {one.kind: names.get(one.kind) or str(WORDS[one.kind]) for one in found}
    lines = [_("%(word)s, which others should perhaps not read", word=word) for word in sorted(set(words.values()))]
    return masked(text, found, words.__getitem__), lines
