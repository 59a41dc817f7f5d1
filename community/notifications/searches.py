"""What members are told about the searches that they keep: how much is new, never what."""

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.core.db import db
from community.core.events import Fact, subscribe
from community.forum.events import SavedSearchFound
from community.forum.searching.saved import Alert, SavedSearch

from .kinds import register
from .operations import notify

register(
    "saved-search",
    _l("Something new for a search that you keep"),
    sentence=_l("A search that you keep found something new"),
    why=_l("You get this mail because you keep a search with an alert."),
    icon="search",
    group="own",
)


@subscribe(SavedSearchFound)
def tell(event: SavedSearchFound, fact: Fact) -> None:
    """Whoever keeps the search hears of it, unless they do not want to any more."""
    saved = db.session.get(SavedSearch, event.search_id)
    if saved is None or saved.alert == Alert.NONE:
        return
    query, count = saved.query, event.count
    notify(
        fact.id,
        "saved-search",
        [saved.member_id],
        query,
        url_for("search.results", q=query, sort="date"),
        None,
        render=lambda: ngettext(
            "%(num)s new result for “%(query)s”", "%(num)s new results for “%(query)s”", count, query=query
        ),
    )
