"""Marks that let words be found again at a desk."""

import hashlib
import re

from flask import current_app

MARK = re.compile(r"\[#([0-9a-f]{6}-\d+)\]")


def installation() -> str:
    """Six letters that tell this installation from others at the same desk."""
    return hashlib.sha256(str(current_app.config["PUBLIC_URL"]).encode()).hexdigest()[:6]


def ref_of(reference: str, turn: int) -> str:
    """The key of a hand-over: of the installation, the query, and how often it was handed over."""
    return f"isthmus-{installation()}-{reference}-{turn}"


def mark_of(message_id: int) -> str:
    """The key of a message."""
    return f"{installation()}-{message_id}"


def marked(text: str, mark: str, author: str) -> str:
    """Words as they arrive at the desk: signed, and with their mark."""
    return f"{text}\n\n-- {author} [#{mark}]" if author else f"{text}\n\n[#{mark}]"


def mark_in(text: str) -> str:
    """The mark that a text carries, or ""."""
    found = MARK.search(text)
    return found.group(1) if found else ""
