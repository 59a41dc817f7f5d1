"""Members' texts: cleaned, rendered from Markdown in a process of its own, sanitised, shortened."""

from .language import Language, detect_language
from .renderer import (
    MAX_CHARACTERS,
    RENDERER_VERSION,
    TIME_LIMIT,
    Rendered,
    Renderer,
    render,
    render_many,
)
from .sanitiser import sanitise
from .text import clean_text, excerpt, mention_candidates, without_private

__all__ = [
    "MAX_CHARACTERS",
    "RENDERER_VERSION",
    "TIME_LIMIT",
    "Language",
    "Rendered",
    "Renderer",
    "clean_text",
    "detect_language",
    "excerpt",
    "mention_candidates",
    "render",
    "render_many",
    "sanitise",
    "without_private",
]
