"""Words of a post in a reply to it."""

import re

from flask import url_for

from ..models import Post

MOST = 2_000  # characters of a quotation; who wants more selects it
_SIGNS = re.compile(r"([\[\]\\*_`])")


def quotation(post: Post) -> str:
    """The post's own words as a quotation that says whose they are; what it quoted itself is left out."""
    lines = [line for line in post.body.splitlines() if not line.startswith(">")]
    words = "\n".join(lines).strip()
    if len(words) > MOST:
        words = words[:MOST].rsplit("\n", 1)[0].rstrip() + " …"
    named = _SIGNS.sub(r"\\\1", post.author.name)
    head = f"[{named}]({url_for('forum.post', post_id=post.id)}):"
    return "\n".join(f"> {line}".rstrip() for line in (head, "", *words.split("\n"))) + "\n\n"
