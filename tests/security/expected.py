"""Who may do what, declared once. `test_matrix.py` asks each route for each actor and thing and compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from community.notifications.preferences import unsubscribe_token
from tests.security.world import THINGS, Thing, World

May = Callable[[str, Thing], bool]
Args = Callable[[World, Thing], Mapping[str, Any]]

STAFF = {"agent", "manager", "admin"}
RUN = {"manager", "admin"}
MODERATORS = {"mod", "manager", "admin"}


@dataclass(frozen=True)
class Route:
    """How to ask a route, and who may. Without `may` everybody who is signed in (or anybody, when `public`)."""

    may: May = lambda actor, thing: True
    public: bool = False
    things: tuple[str, ...] = ("others",)
    args: Args = lambda world, thing: {}
    data: Mapping[str, Any] | Args = field(default_factory=dict)
    good: int = 0  # the status of success, where it is not below 400; -1: any that is no refusal

    def sent(self, world: World, thing: Thing) -> Mapping[str, Any]:
        """What is typed into the form, in this world."""
        return self.data(world, thing) if callable(self.data) else self.data


def reads(actor: str, thing: Thing) -> bool:
    """Who reads the thread, and for the hidden reply the reply."""
    return {
        "own": True,
        "others": True,
        "inner": actor in STAFF | {"mod"},
        "restricted": actor in STAFF,
        "hidden": actor in MODERATORS,
        "reply": actor in MODERATORS,
    }[thing.kind]


def reads_thread(actor: str, thing: Thing) -> bool:
    """Who reads the thread; the one with the hidden reply is open to all."""
    return thing.kind == "reply" or reads(actor, thing)


def owns(actor: str, thing: Thing) -> bool:
    """Whether the actor wrote it."""
    return thing.author == actor


def moderates(actor: str, thing: Thing) -> bool:
    """Moderators of the place who can read it."""
    return actor in MODERATORS and reads(actor, thing)


def moderates_thread(actor: str, thing: Thing) -> bool:
    """The same, of the thread."""
    return actor in MODERATORS and reads_thread(actor, thing)


def decides(actor: str, thing: Thing) -> bool:
    """Author, super users and staff, on what is in view."""
    return reads_thread(actor, thing) and thing.kind != "hidden" and (owns(actor, thing) or actor in STAFF | {"mod"})


def thanks(actor: str, thing: Thing) -> bool:
    """Who thanks for a post: whoever reads it and did not write it, while it is in view."""
    return thing.kind not in ("reply", "hidden") and reads(actor, thing) and not owns(actor, thing)


def one_of(*actors: str) -> May:
    """These and nobody else."""
    return lambda actor, thing: actor in actors


def thread_of(_world: World, thing: Thing) -> Mapping[str, Any]:
    return {"thread_id": thing.thread}


def post_of(_world: World, thing: Thing) -> Mapping[str, Any]:
    return {"post_id": thing.post}


def on_thread(may: May, **data: Any) -> Route:
    """A verb on a thread."""
    return Route(may=may, things=THINGS, args=thread_of, data=data)


def on_post(may: May, **data: Any) -> Route:
    """A verb on a post."""
    return Route(may=may, things=THINGS, args=post_of, data=data)


def fixed(**args: Any) -> Args:
    """View arguments that are always the same."""
    return lambda world, thing: args


def numbered(name: str, key: str) -> Args:
    """A view argument that is the id of something in the world."""
    return lambda world, thing: {name: world.ids[key]}


def token(purpose: str) -> Args:
    return lambda world, thing: {"token": world.tokens[purpose]}


def a_space(_world: World, thing: Thing) -> Mapping[str, Any]:
    return {"slug": "inner" if thing.kind == "inner" else "home"}


def a_space_and_kind(world: World, thing: Thing) -> Mapping[str, Any]:
    return {**a_space(world, thing), "kind": "question"}


def a_tag(_world: World, thing: Thing) -> Mapping[str, Any]:
    return {"tag": f"tag-{thing.kind}"}


def sees_tag(actor: str, thing: Thing) -> bool:
    """Whoever reads the one thread that carries it."""
    return reads_thread(actor, thing)


def edits_tag(actor: str, thing: Thing) -> bool:
    """Super users of any space, managers and admins, where they see the tag."""
    return actor in MODERATORS | {"farmod"} and sees_tag(actor, thing)


TAGGED = ("others", "inner", "restricted", "hidden")
anybody = Route(public=True)
signed_in = Route()
runs = Route(may=one_of(*RUN))
operates = Route(may=one_of("admin"))
space_page = Route(
    public=True, may=lambda a, t: t.kind != "inner" or a in STAFF | {"mod"}, things=("others", "inner"), args=a_space
)
shapes = Route(may=lambda a, t: a in STAFF | {"mod"}, things=("others", "inner"), args=a_space)
oversees = Route(may=lambda a, t: a in STAFF | {"mod"}, things=("others", "inner"), args=a_space)
edits = {"title": "A new title", "body": "New words", "reason": "clearer", "tags": "x"}
space_form = {
    "name": "New", "slug": "fresh", "language": "en", "visibility": "open", "run_by": "provider",
    "promise_hours": "0", "tags": "", "description": "", "charter": "",
}  # fmt: skip
organisation_form = {"name": "New", "slug": "fresh", "service_level": "", "mail_domains": ""}
asks = {
    "title": "A new thread, asked",
    "body": "Words enough to be read",
    "kind": "question",
    "space": "home",
    "tags": "",
}
prefers = {"name": "New Name", "about": "", "language": "", "time_zone": "", "theme": ""}
unusable = {"password": "short"}

COMMUNITY: dict[tuple[str, str], Route] = {
    ("GET", "pages.home"): anybody,
    ("GET", "pages.about"): anybody,
    ("GET", "pages.help"): anybody,
    ("GET", "pages.promise"): anybody,
    ("GET", "pages.threads"): anybody,
    ("GET", "pages.unanswered"): anybody,
    ("GET", "pages.ideas"): anybody,
    ("GET", "pages.news"): anybody,
    ("GET", "pages.mine"): signed_in,
    ("GET", "pages.space"): space_page,
    ("GET", "pages.hot"): anybody,
    ("GET", "pages.organisation"): signed_in,
    ("POST", "within.keep"): Route(may=one_of(), things=THINGS, args=thread_of),
    ("GET", "pages.unsolved"): anybody,
    ("GET", "pages.unread"): signed_in,
    ("GET", "pages.new"): signed_in,
    ("GET", "pages.for_me"): signed_in,
    ("GET", "feeds.space"): Route(
        public=True, may=lambda a, t: t.kind != "inner", things=("others", "inner"), args=a_space
    ),
    ("GET", "feeds.tag"): Route(public=True, args=fixed(tag="x")),
    ("GET", "feeds.of_list"): Route(public=True, args=fixed(name="hot")),
    ("GET", "own_feeds.of_list"): Route(public=True, args=fixed(token="x", name="unread"), good=404),
    ("GET", "own_feeds.of_space"): Route(public=True, args=fixed(token="x", slug="home"), good=404),
    ("GET", "own_feeds.index"): signed_in,
    ("GET", "dates.own"): Route(public=True, args=fixed(token="x"), good=404),
    ("GET", "dates.of_space"): space_page,
    # No thread of this world is news, and none has a date.
    ("GET", "dates.of_thread"): Route(public=True, may=lambda a, t: False, things=THINGS, args=thread_of),
    ("GET", "dates.edit"): on_thread(lambda a, t: False),
    ("POST", "dates.edit"): on_thread(lambda a, t: False, event_starts="2026-12-01T10:00"),
    ("POST", "dates.cancel"): on_thread(lambda a, t: False),
    ("POST", "own_feeds.renew"): signed_in,
    ("POST", "own_feeds.end"): signed_in,
    ("GET", "sitemaps.robots"): anybody,
    ("GET", "sitemaps.index"): anybody,
    ("GET", "sitemaps.spaces"): anybody,
    ("GET", "sitemaps.threads"): Route(public=True, args=fixed(number=1)),
    ("GET", "live.news"): Route(public=True, may=reads_thread, things=THINGS, args=thread_of),
    ("GET", "reading.first_unread"): Route(may=reads_thread, things=THINGS, args=thread_of),
    ("POST", "reading.mark"): on_thread(reads_thread, number="1"),
    ("POST", "reading.mark_all"): signed_in,
    ("GET", "spaces.index"): anybody,
    ("GET", "spaces.about"): space_page,
    ("GET", "search.results"): anybody,
    ("GET", "search.similar"): anybody,
    ("GET", "searching.clicked"): anybody,
    ("POST", "searching.save"): signed_in,
    ("POST", "searching.remove"): Route(may=one_of(), args=fixed(search_id=1)),
    ("POST", "searching.answered"): Route(
        may=reads_thread,
        things=THINGS,
        args=lambda world, thing: {"kind": "thread", "target_id": thing.thread},
    ),
    ("GET", "web.design"): anybody,
    ("GET", "web.healthz"): anybody,
    ("GET", "web.readyz"): anybody,
    ("GET", "web.language"): Route(public=True, args=fixed(code="en")),
    ("GET", "web.set_theme"): Route(public=True, args=fixed(name="dark")),
    ("GET", "assets.serve"): Route(public=True, args=fixed(version="x", name="img/favicon.svg")),
    ("GET", "files.avatar"): Route(public=True, args=fixed(key="none.webp"), good=404),
    ("GET", "files.drawn"): Route(public=True, args=fixed(handle="ann")),
    ("GET", "files.serve"): Route(
        public=True, may=lambda a, t: reads(a, t), things=THINGS, args=lambda w, t: {"key": t.file}
    ),
    ("POST", "files.upload"): Route(good=422),
    ("GET", "old_addresses.moved"): Route(public=True, args=fixed(old_id=1), good=404),
    ("GET", "accounts.join"): anybody,
    ("POST", "accounts.join"): Route(public=True, data=unusable, good=422),
    ("GET", "accounts.sign_in"): anybody,
    ("POST", "accounts.sign_in"): Route(public=True, data=unusable, good=422),
    ("POST", "accounts.sign_out"): anybody,
    ("GET", "accounts.forgotten"): anybody,
    ("POST", "accounts.forgotten"): Route(public=True, data={"email": "x"}, good=422),
    ("GET", "accounts.confirm"): Route(public=True, args=token("confirm")),
    ("POST", "accounts.confirm"): Route(public=True, args=token("confirm")),
    ("GET", "accounts.reset"): Route(public=True, args=token("reset")),
    ("POST", "accounts.reset"): Route(public=True, args=token("reset"), data=unusable, good=422),
    ("GET", "accounts.profile"): Route(public=True, args=fixed(handle="stranger")),
    ("GET", "accounts.preferences"): signed_in,
    ("POST", "accounts.preferences"): Route(data=prefers),
    ("GET", "accounts.sign_ins"): signed_in,
    ("POST", "accounts.end_sign_in"): Route(
        may=owns,
        things=("own", "others"),
        args=lambda w, t: {"sign_in_id": w.ids["own_sign_in" if t.author == w.actor else "sign_in"]},
    ),
    ("POST", "accounts.end_others"): signed_in,
    ("POST", "accounts.change_password"): Route(data=unusable, good=422),
    ("GET", "forum.thread"): Route(public=True, may=reads_thread, things=THINGS, args=thread_of),
    ("GET", "forum.post"): Route(public=True, may=reads, things=THINGS, args=post_of),
    ("GET", "forum.revisions"): Route(public=True, may=reads, things=THINGS, args=post_of),
    ("GET", "forum.ask"): signed_in,
    ("POST", "forum.ask"): Route(data=asks),
    ("POST", "forum.preview"): Route(data={"text": "**x**"}),
    ("GET", "completing.complete"): Route(args=fixed(kind="people")),
    ("GET", "drafts.index"): signed_in,
    ("POST", "drafts.keep"): Route(data={"draft_for": "thread", "body": "Words begun"}),
    ("POST", "drafts.delete"): Route(
        may=owns,
        things=("own", "others"),
        args=lambda w, t: {"draft_id": w.ids["own_text" if t.author == w.actor else "text"]},
    ),
    ("POST", "forum.reply"): on_thread(lambda a, t: reads_thread(a, t) and t.kind != "hidden", body="A reply"),
    ("GET", "forum.edit"): on_post(lambda a, t: t.kind != "reply" and (owns(a, t) or moderates(a, t))),
    ("POST", "forum.edit"): on_post(lambda a, t: t.kind != "reply" and (owns(a, t) or moderates(a, t)), **edits),
    ("POST", "forum.helpful"): on_post(lambda a, t: t.kind != "reply" and reads(a, t) and not owns(a, t)),
    ("POST", "forum.have_too"): on_thread(lambda a, t: t.kind != "hidden" and reads_thread(a, t) and not owns(a, t)),
    ("POST", "forum.accept"): on_post(lambda a, t: t.kind != "reply" and decides(a, t)),
    ("POST", "forum.unaccept"): on_thread(decides),
    ("POST", "reacting.details"): on_thread(lambda a, t: False),  # nobody in this world has it too
    ("POST", "reacting.not_helpful"): on_post(
        lambda a, t: a in STAFF | {"mod", "farmod"} and t.kind != "reply" and reads(a, t) and not owns(a, t)
    ),
    ("POST", "reacting.thank"): on_post(thanks, line="It helped"),
    ("POST", "reacting.no_thanks"): on_post(thanks),
    ("POST", "reacting.confirm"): on_thread(lambda a, t: False, lasted="yes"),  # nobody was asked
    ("POST", "reacting.vote"): on_thread(lambda a, t: False, option="1"),  # no thread has a poll
    ("POST", "bookmarking.mark"): on_post(reads),
    ("GET", "bookmarking.index"): signed_in,
    ("GET", "bookmarking.note"): Route(may=one_of(), args=numbered("bookmark_id", "bookmark")),
    ("POST", "bookmarking.note"): Route(may=one_of(), args=numbered("bookmark_id", "bookmark"), data={"note": "x"}),
    ("POST", "bookmarking.remove"): Route(may=one_of(), args=numbered("bookmark_id", "bookmark")),
    ("GET", "moderating.hide"): on_post(lambda a, t: owns(a, t) or moderates(a, t)),
    ("POST", "moderating.hide"): on_post(lambda a, t: owns(a, t) or moderates(a, t), reason="because"),
    ("POST", "moderating.restore"): on_post(moderates),
    ("GET", "moderating.close"): on_thread(moderates_thread),
    ("POST", "moderating.close"): on_thread(moderates_thread, reason="because"),
    ("POST", "moderating.reopen"): on_thread(moderates_thread),
    ("GET", "notifications.inbox"): signed_in,
    ("GET", "notifications.unread"): signed_in,
    ("POST", "notifications.read_all"): signed_in,
    ("POST", "notifications.opening"): Route(may=one_of(), args=numbered("notification_id", "notification")),
    ("POST", "notifications.reading"): Route(may=one_of(), args=numbered("notification_id", "notification")),
    ("POST", "notifications.unreading"): Route(may=one_of(), args=numbered("notification_id", "notification")),
    ("POST", "notifications.mail"): Route(data={"rhythm": "daily", "hour": "8", "weekday": "0", "most_a_day": "20"}),
    ("POST", "notifications.resume"): signed_in,
    ("GET", "notifications.by_mail"): Route(may=one_of()),  # the installation of the tests receives no mail
    ("POST", "notifications.renew"): Route(may=one_of()),
    ("GET", "notifications.preferences"): signed_in,
    ("POST", "notifications.preferences"): signed_in,
    ("GET", "pushing.worker"): Route(public=True, good=404),  # the installation of the tests has no keys for it
    ("POST", "pushing.begin"): Route(may=one_of()),
    ("POST", "pushing.end"): Route(may=one_of(), args=fixed(subscription_id=1)),
    ("GET", "following.mine"): signed_in,
    ("GET", "following.threads"): signed_in,
    ("POST", "following.save"): signed_in,
    ("POST", "following.prefer"): Route(data={"asking": "4", "joining": "1"}),
    ("POST", "following.thread"): on_thread(reads_thread, level="0"),
    ("POST", "following.space"): Route(
        may=space_page.may, things=("others", "inner"), args=a_space, data={"level": "4"}
    ),
    ("POST", "following.tag"): Route(may=sees_tag, things=TAGGED, args=a_tag, data={"level": "4"}),
    ("POST", "following.person"): Route(args=fixed(handle="stranger"), data={"level": "0"}),
    ("GET", "expertise.people"): anybody,
    ("GET", "expertise.answers"): Route(public=True, args=fixed(handle="stranger")),
    ("GET", "expertise.edit"): signed_in,
    ("POST", "expertise.edit"): Route(data={"tags": "vpn"}),
    ("POST", "expertise.endorse"): Route(args=fixed(handle="stranger"), data={"tag": "known"}),
    ("POST", "expertise.withdraw"): Route(args=fixed(handle="stranger"), data={"tag": "known"}),
    ("GET", "tags.index"): anybody,
    ("GET", "tags.page"): Route(public=True, may=sees_tag, things=TAGGED, args=a_tag),
    ("GET", "tags.history"): Route(public=True, may=sees_tag, things=TAGGED, args=a_tag),
    ("GET", "tags.edit"): Route(may=edits_tag, things=TAGGED, args=a_tag),
    ("POST", "tags.edit"): Route(may=edits_tag, things=TAGGED, args=a_tag, data={"body": "What it is", "group": ""}),
    ("POST", "tags.merge"): Route(may=one_of(*RUN), args=a_tag, data={"other": "elsewhere"}),
    ("POST", "tags.separate"): Route(may=one_of(*RUN), args=a_tag, data={"name": "synonym"}),
    ("GET", "notifications.unsubscribe"): Route(
        public=True, args=lambda w, t: {"token": unsubscribe_token(w.ids["stranger"], "reply")}
    ),
    ("POST", "notifications.unsubscribe"): Route(
        public=True,
        args=lambda w, t: {"token": unsubscribe_token(w.ids["stranger"], "reply")},
        data={"List-Unsubscribe": "One-Click"},
    ),
    ("GET", "operating.overview"): runs,
    ("GET", "searching_report.searches"): runs,
    ("GET", "operating.deliveries"): operates,
    ("GET", "templates.index"): shapes,
    ("GET", "templates.edit"): replace(shapes, args=a_space_and_kind),
    ("POST", "templates.edit"): replace(
        shapes, args=a_space_and_kind, data={"rows-0-label": "Site", "rows-0-look": "line"}
    ),
    ("GET", "templates.asked"): Route(data={"space": "home"}),
    ("GET", "ideas.decide"): Route(may=one_of(), args=fixed(thread_id=10**6), good=404),
    ("POST", "ideas.decide"): Route(may=one_of(), args=fixed(thread_id=10**6), good=404),
    ("GET", "guarding.index"): operates,
    ("POST", "guarding.index"): Route(may=one_of("admin"), data={"name": "Staff number", "pattern": "EMP-[0-9]{6}"}),
    ("POST", "guarding.remove"): Route(may=one_of("admin"), args=fixed(pattern_id=1), good=404),
    ("POST", "operating.retry"): Route(may=one_of("admin"), args=numbered("delivery_id", "dead")),
    ("POST", "operating.retry_all"): operates,
    ("GET", "admin_members.index"): runs,
    ("GET", "admin_members.member"): Route(may=one_of(*RUN), args=fixed(handle="stranger")),
    ("POST", "admin_members.member"): Route(may=one_of(*RUN), args=fixed(handle="stranger"), data={"role": "agent"}),
    ("POST", "admin_members.invite"): Route(
        may=one_of(*RUN), args=fixed(handle="unclaimed"), data={"email": "anew@example.org"}
    ),
    ("POST", "admin_members.suspend"): Route(may=one_of(*RUN), args=fixed(handle="stranger")),
    ("POST", "admin_members.reinstate"): Route(may=one_of(*RUN), args=fixed(handle="stranger")),
    ("GET", "admin_organisations.index"): runs,
    ("GET", "admin_organisations.new"): runs,
    ("POST", "admin_organisations.new"): Route(may=one_of(*RUN), data=organisation_form),
    ("GET", "admin_organisations.edit"): Route(may=one_of(*RUN), args=fixed(slug="customer")),
    ("POST", "admin_organisations.edit"): Route(may=one_of(*RUN), args=fixed(slug="customer"), data=organisation_form),
    ("POST", "admin_organisations.delete"): Route(may=one_of(*RUN), args=fixed(slug="customer")),
    ("POST", "admin_organisations.belong"): Route(
        may=one_of(*RUN), args=fixed(handle="stranger"), data={"organisation": "none"}
    ),
    ("GET", "admin_spaces.index"): runs,
    ("GET", "admin_spaces.new"): runs,
    ("POST", "admin_spaces.new"): Route(may=one_of(*RUN), data=space_form),
    ("GET", "admin_spaces.edit"): Route(may=one_of(*RUN), args=fixed(slug="home")),
    ("POST", "admin_spaces.edit"): Route(may=one_of(*RUN), args=fixed(slug="home"), data=space_form),
    ("POST", "admin_spaces.appoint"): Route(
        may=one_of(*RUN), args=fixed(handle="other"), data={"kind": "super_user", "space_id": "1"}
    ),
    ("GET", "managing.overview"): oversees,
    ("GET", "managing.people"): oversees,
    ("POST", "managing.people"): replace(
        oversees, may=one_of(*RUN), data={"handle": "other", "kind": "space_member", "until": ""}
    ),
    ("POST", "managing.end_role"): Route(
        may=one_of(*RUN), args=lambda w, t: {"slug": "inner", "grant_id": w.ids["grant"]}
    ),
    ("POST", "admin_spaces.withdraw"): Route(may=one_of(*RUN), args=numbered("grant_id", "grant")),
}
