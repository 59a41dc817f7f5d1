"""Wires the knowledge base into an application."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from community.core.completion import Source, add_source
from community.core.web import NavItem, add_navigation
from knowledge import checks, completing, figures, merging, moderating, notices, slots, tags  # noqa: F401 - they subscribe, register, fill
from knowledge.articles import admitting, indexing, rerendering
from knowledge.articles import similar as _similar  # noqa: F401 - subscribes
from knowledge.articles.views import knowledge


def init_app(app: Flask) -> None:
    """Blueprint, search, navigation."""
    indexing.register()
    admitting.register()
    rerendering.register()
    app.register_blueprint(knowledge)
    add_source(Source("articles", "/", completing.articles))
    add_navigation(NavItem(label=_l("Knowledge"), endpoint="knowledge.index", icon="book", order=40))
