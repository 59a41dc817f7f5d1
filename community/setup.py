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
from community.expertise import handlers as expertise_handlers  # noqa: F401 - subscribes
from community.expertise import slots as expertise_slots  # noqa: F401 - fills
from community.expertise.views import expertise
from community.following import handlers as following_handlers  # noqa: F401 - subscribes
from community.following.views import following
from community.forum import handlers as forum_handlers  # noqa: F401 - subscribes
from community.forum import indexing as forum_indexing
from community.forum import rerendering
from community.forum.arranging.moderating import moderating
from community.forum.arranging.views import arranged
from community.forum.asking.ideas import ideas
from community.forum.asking.views import templates
from community.forum.composing import completing
from community.forum.composing.drafting import drafts
from community.forum.composing.files import files
from community.forum.composing.guarding_admin import guard_pages
from community.forum.editing.views import editing
from community.forum.lists.feeds import feed_pages
from community.forum.lists.listing import listing
from community.forum.lists.sitemaps import sitemap_pages
from community.forum.reactions.bookmarking import bookmarking
from community.forum.reactions.views import reacting
from community.forum.reading import viewing
from community.forum.reading.live import live_pages
from community.forum.reading.views import reading_pages
from community.forum.scheduling.views import scheduled
from community.forum.searching.report import searching_report
from community.forum.searching.results import search
from community.forum.searching.views import searching
from community.forum.suggesting.views import suggestions
from community.forum.tagging.views import tags
from community.forum.views import forum
from community.forum.within.views import kept_within
from community.importing.views import old_addresses
from community.notifications import arranged as arranged_news  # noqa: F401 - subscribes
from community.notifications import reactions as notifications_of_reactions  # noqa: F401 - subscribes
from community.notifications import searches as search_news  # noqa: F401 - subscribes
from community.notifications import suggested as suggested_news  # noqa: F401 - subscribes
from community.notifications import views as notification_views
from community.operating import operating
from community.organisations import handlers as organisation_handlers  # noqa: F401 - subscribes
from community.organisations.admin import admin_organisations
from community.spaces.admin import admin_spaces
from community.spaces.views import spaces

BLUEPRINTS = (
    accounts,
    spaces,
    forum,
    drafts,
    reacting,
    bookmarking,
    completing.completing,
    listing,
    reading_pages,
    feed_pages,
    sitemap_pages,
    live_pages,
    kept_within,
    moderating,
    guard_pages,
    templates,
    ideas,
    arranged,
    editing,
    suggestions,
    scheduled,
    files,
    search,
    searching,
    searching_report,
    tags,
    following,
    expertise,
    admin_members,
    admin_organisations,
    admin_spaces,
    operating,
    old_addresses,
)


def init_app(app: Flask) -> None:
    """Blueprints, handlers, navigation."""
    loading.init_app(app)
    forum_indexing.register()
    rerendering.register()
    completing.init_app(app)
    app.extensions["isthmus.background"].append(viewing.start)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(notification_views.notifications)
    app.jinja_env.globals.update(people_card=card_with_grants)
    _add_navigation()


def _add_navigation() -> None:
    add_navigation(NavItem(label=_l("Home"), endpoint="pages.home", icon="home", order=0))
