"""Wires the community's features into an application."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from community import importing  # noqa: F401 - its tables belong to the schema
from community.accounts import handlers as account_handlers  # noqa: F401 - subscribes
from community.accounts import loading
from community.accounts.admin import admin_members
from community.accounts.cards import card_with_grants
from community.accounts.views import accounts
from community.core.mail import keeping, mailbox  # noqa: F401 - timetables
from community.core.web import NavItem, add_navigation
from community.forum import handlers as forum_handlers  # noqa: F401 - subscribes
from community.forum import indexing as forum_indexing
from community.forum import viewing
from community.forum.files import files
from community.forum.listing import listing
from community.forum.moderating import moderating
from community.forum.results import search
from community.forum.views import forum
from community.importing.views import old_addresses
from community.notifications import views as notification_views
from community.operating import operating
from community.organisations import handlers as organisation_handlers  # noqa: F401 - subscribes
from community.organisations.admin import admin_organisations
from community.spaces.admin import admin_spaces
from community.spaces.views import spaces


def init_app(app: Flask) -> None:
    """Blueprints, handlers, navigation."""
    loading.init_app(app)
    forum_indexing.register()
    app.extensions["isthmus.background"].append(viewing.start)
    for blueprint in (
        accounts,
        spaces,
        forum,
        listing,
        moderating,
        files,
        search,
        admin_members,
        admin_organisations,
        admin_spaces,
        operating,
        old_addresses,
    ):
        app.register_blueprint(blueprint)
    app.register_blueprint(notification_views.notifications)
    app.jinja_env.globals.update(people_card=card_with_grants)
    _add_navigation()


def _add_navigation() -> None:
    add_navigation(NavItem(label=_l("Home"), endpoint="pages.home", icon="home", order=0))
