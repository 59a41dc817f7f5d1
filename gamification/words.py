"""Words for where points come from."""

from flask_babel import lazy_gettext as _l

from .rules import Source

SOURCE_WORDS = {
    Source.ANSWERS: _l("Accepted answers"),
    Source.VOTES: _l("Found helpful"),
    Source.ARTICLES: _l("Articles"),
    Source.CARE: _l("Care for others’ work"),
}
