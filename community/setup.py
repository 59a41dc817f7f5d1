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
from community.entry import setup as entry
from community.expertise import handlers as expertise_handlers  # noqa: F401 - subscribes
from community.expertise import slots as expertise_slots  # noqa: F401 - fills
from community.expertise.views import expertise
from community.following import handlers as following_handlers  # noqa: F401 - subscribes
from community.following.views import following
from community.forum import handlers as forum_handlers  # noqa: F401 - subscribes
from community.forum import (
    health,  # noqa: F401 - fills
    rerendering,
)
from community.forum import indexing as forum_indexing
from community.forum.arranging.moderating import moderating
from community.forum.arranging.slowing import slowing
from community.forum.arranging.views import arranged
from community.forum.asking.ideas import ideas
from community.forum.asking.views import templates
from community.forum.composing import before, completing, timing
from community.forum.composing.drafting import drafts
from community.forum.composing.files import files
from community.forum.composing.guarding_admin import guard_pages
from community.forum.dates.views import dates
from community.forum.editing.views import editing
from community.forum.lists.feeds import feed_pages
from community.forum.lists.listing import listing
from community.forum.lists.sitemaps import sitemap_pages
from community.forum.own_feeds.views import own_feeds
from community.forum.reactions.bookmarking import bookmarking
from community.forum.reactions.views import reacting
from community.forum.reading import viewing
from community.forum.reading.live import live_pages
from community.forum.reading.views import reading_pages
from community.forum.scheduling.views import scheduled
from community.forum.searching import tags as _searches_follow  # noqa: F401 - subscribes
from community.forum.searching.report import searching_report
from community.forum.searching.results import search
from community.forum.searching.views import searching
from community.forum.suggesting.views import suggestions
from community.forum.tagging.views import tags
from community.forum.views import forum
from community.forum.within.views import kept_within
from community.groups import handlers as group_handlers  # noqa: F401 - subscribes
from community.groups.views import groups
from community.importing.views import old_addresses
from community.mentions import handlers as mention_handlers  # noqa: F401 - subscribes
from community.mentions.views import mentions
from community.messages import rerendering as message_rerendering
from community.messages import slots as message_slots  # noqa: F401 - fills
from community.messages.block_views import blocking_pages
from community.messages.views import messages
from community.moderation import appeals as appeal_cases  # noqa: F401 - registers
from community.moderation import (  # noqa: F401 - they register
    flag_cases,
    forum_targets,
    in_place,
    member_cases,
    message_targets,
    on_content,
    on_people,
    on_votes,
)
from community.moderation import slots as moderation_slots  # noqa: F401 - fills
from community.moderation import suggestions as suggestion_cases  # noqa: F401 - registers and subscribes
from community.moderation.gates import gate, held_cases, held_posts, held_profiles, small, telling  # noqa: F401 - register
from community.moderation.gates.pages import gate_pages
from community.moderation.gates.trust_pages import trust_pages
from community.moderation.gates.views import held_pages
from community.moderation.inbox import waiting_for
from community.moderation.measures import label_of, measure_kind
from community.moderation.people_views import about_people
from community.moderation.policies import OPEN_INBOX
from community.moderation.public_log import public_log
from community.moderation.review_views import review
from community.moderation.spam import spam_cases  # noqa: F401 - registers and subscribes
from community.moderation.spam.views import spam_service
from community.moderation.views import moderation
from community.moderation.votes_views import about_votes
from community.moderation.words import ended_said, outcome_said, reason_said, rule_said, span_said
from community.notifications import appointments as news_of_appointments  # noqa: F401 - subscribes
from community.notifications import arranged as arranged_news  # noqa: F401 - subscribes
from community.notifications import away
from community.notifications import deviations as deviation_news  # noqa: F401 - subscribes
from community.notifications import duty as duty_news  # noqa: F401 - subscribes
from community.notifications import endorsements as news_of_endorsements  # noqa: F401 - subscribes
from community.notifications import groups as group_news  # noqa: F401 - subscribes
from community.notifications import held as news_of_held  # noqa: F401 - subscribes
from community.notifications import inner as inner_news  # noqa: F401 - subscribes
from community.notifications import letters as letter_news  # noqa: F401 - subscribes
from community.notifications import measures as measure_news  # noqa: F401 - subscribes
from community.notifications import messages as message_news  # noqa: F401 - subscribes
from community.notifications import reactions as notifications_of_reactions  # noqa: F401 - subscribes
from community.notifications import searches as search_news  # noqa: F401 - subscribes
from community.notifications import suggested as suggested_news  # noqa: F401 - subscribes
from community.notifications import training as training_news  # noqa: F401 - subscribes
from community.notifications import views as notification_views
from community.notifications.pushing.views import pushing
from community.operating import operating
from community.organisations import handlers as organisation_handlers  # noqa: F401 - subscribes
from community.organisations.admin import admin_organisations
from community.spaces.admin import admin_spaces
from community.spaces.group_rights import group_rights
from community.spaces.managing import managing
from community.spaces.views import spaces
from community.superusers.agreements.views import agreements
from community.superusers.appointing import cases as appointing_cases  # noqa: F401 - registers
from community.superusers.appointing import slots as appointing_slots  # noqa: F401 - fills
from community.superusers.appointing import time as appointing_time  # noqa: F401 - subscribes, and asks for its turns
from community.superusers.appointing.policies import RUN_PROGRAMME
from community.superusers.appointing.views import appointments
from community.superusers.deviations import cases as deviation_cases  # noqa: F401 - registers
from community.superusers.deviations import slots as deviation_slots  # noqa: F401 - fills
from community.superusers.deviations.views import deviations
from community.superusers.duty import slots as duty_slots  # noqa: F401 - fills
from community.superusers.duty.absence_views import away_pages
from community.superusers.duty.feeds import duty_feeds
from community.superusers.duty.my_views import my_duty
from community.superusers.duty.roster_views import rosters
from community.superusers.duty.swap_views import swaps
from community.superusers.inner.experts.views import experts
from community.superusers.inner.gatherings import arriving  # noqa: F401 - receives mail
from community.superusers.inner.gatherings.views import gathering_feeds, gatherings
from community.superusers.inner.offers.views import offers
from community.superusers.inner.views import inner
from community.superusers.letters import slots as letter_slots  # noqa: F401 - fills
from community.superusers.letters.views import letters
from community.superusers.programme.views import programme_pages
from community.superusers.rights.views import rights_pages
from community.superusers.training import waiting as check_lists_wait  # noqa: F401 - subscribes
from community.superusers.training.owner_views import checklists
from community.superusers.training.views import training

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
    own_feeds,
    dates,
    sitemap_pages,
    live_pages,
    kept_within,
    moderating,
    slowing,
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
    moderation,
    about_people,
    about_votes,
    public_log,
    review,
    spam_service,
    held_pages,
    gate_pages,
    trust_pages,
    deviations,
    programme_pages,
    messages,
    blocking_pages,
    admin_members,
    admin_organisations,
    admin_spaces,
    groups,
    group_rights,
    mentions,
    managing,
    appointments,
    agreements,
    rights_pages,
    operating,
    old_addresses,
    inner,
    rosters,
    swaps,
    my_duty,
    away_pages,
    duty_feeds,
    gatherings,
    gathering_feeds,
    experts,
    offers,
    training,
    checklists,
    letters,
)


def init_app(app: Flask) -> None:
    """Blueprints, handlers, navigation."""
    loading.init_app(app)
    forum_indexing.register()
    rerendering.register()
    message_rerendering.register()
    away.init_app(app)
    completing.init_app(app)
    timing.init_app(app)
    before.init_app(app)
    app.extensions["isthmus.background"].append(viewing.start)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    entry.init_app(app)
    app.register_blueprint(notification_views.notifications)
    app.register_blueprint(pushing)
    app.jinja_env.globals.update(people_card=card_with_grants, rule_said=rule_said, reason_said=reason_said)
    app.jinja_env.globals.update(measure_said=lambda kind: measure_kind(kind).said)
    app.jinja_env.globals.update(measure_label=label_of, span_said=span_said)
    app.jinja_env.globals.update(ended_said=ended_said, outcome_said=outcome_said)
    _add_navigation()


def _add_navigation() -> None:
    add_navigation(NavItem(label=_l("Home"), endpoint="pages.home", icon="home", order=0))
    add_navigation(
        NavItem(
            label=_l("Review"),
            endpoint="review.list_",
            icon="review",
            order=60,
            group=_l("Your roles"),
            permission=OPEN_INBOX,
            count=waiting_for,
        )
    )
    add_navigation(
        NavItem(
            label=_l("Super users' programme"),
            endpoint="programme.overview",
            icon="people",
            order=62,
            group=_l("Your roles"),
            permission=RUN_PROGRAMME,
        )
    )
