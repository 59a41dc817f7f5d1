"""A small world for the tests of access: people of every kind, and one thing of every sort."""

import io
from dataclasses import dataclass, field
from datetime import timedelta

from PIL import Image
from sqlalchemy import select

from bridge.handovers.models import DeskMessage, HandOver, ServiceDesk
from bridge.queries.models import Query
from community.accounts.models import SPACE_MEMBER, Grant, Member, SignIn, hash_token
from community.accounts.operations import link_token
from community.core.db import db, utcnow
from community.core.events import EventRecord
from community.core.jobs import Delivery
from community.drafts.models import Draft
from community.expertise.models import Expertise
from community.forum import operations
from community.forum.dates.operations import When
from community.forum.models import Attachment, Post, Thread
from community.forum.reactions import bookmarks
from community.forum.reactions.bookmarks import Bookmark
from community.forum.scheduling.operations import ScheduledNews
from community.forum.suggesting.operations import suggest
from community.forum.tagging.models import Tag
from community.groups.models import Group, GroupMember
from community.mentions.models import GroupMention
from community.messages.operations import start as start_talk
from community.moderation import appeal_links
from community.moderation.cases import open_case
from community.moderation.gates.models import TrustedWriter
from community.moderation.models import Measure
from community.notifications.models import Notification
from community.organisations.operations import OrganisationDetails, create
from community.spaces.models import Space
from community.superusers.agreements import operations as agreements
from community.superusers.appointing import operations as appointing
from community.superusers.deviations import operations as deviations
from community.superusers.duty import absences
from community.superusers.duty import operations as duty
from community.superusers.duty.models import DutyConcern
from community.superusers.duty.turns import DAY
from community.superusers.inner.experts import operations as expert_pools
from community.superusers.inner.experts.models import ExpertPool
from community.superusers.inner.gatherings import operations as gatherings
from community.superusers.inner.offers import operations as offers
from community.superusers.letters import operations as letters
from community.superusers.letters.models import Letter, LetterLink
from community.superusers.training import operations as training
from community.superusers.training.models import ChecklistTick
from knowledge.articles import operations as article_operations
from knowledge.articles.operations import Content
from tests.conftest import LoginAs
from tests.factories import a_member, a_reply, a_space, a_thread
from tests.factories.bridge import a_query
from tests.factories.knowledge import an_article

ACTORS = ("anonymous", "member", "other", "mod", "farmod", "agent", "manager", "admin")
THINGS = ("own", "others", "inner", "restricted", "hidden", "reply")


@dataclass(frozen=True)
class Thing:
    """A thread and one reply in it. `reply` is a hidden reply of a thread in view."""

    kind: str
    thread: int
    post: int
    file: str
    author: str


@dataclass
class World:
    """What there is. `actor` is who asks; anonymous when nobody is signed in."""

    actor: str
    cookie: str = ""
    spaces: dict[str, int] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def a_file(post: Post, member: Member) -> str:
    """A picture that belongs to a post."""
    from flask import current_app

    data = io.BytesIO()
    Image.new("RGB", (2, 2)).save(data, "PNG")
    key = f"{post.id:024d}.png"
    current_app.extensions["isthmus.storage"].put(f"files/{key}", data.getvalue(), "image/png")
    row = {"name": "a.png", "content_type": "image/png", "kind": "image", "size": 9, "width": 2, "height": 2}
    db.session.add(Attachment(key=key, member_id=member.id, post_id=post.id, **row))
    return key


def people(home: Space, far: Space, inner: Space) -> dict[str, Member]:
    """One person for each actor, and strangers who own what is not the actor's."""
    return {
        "member": a_member("member"),
        "other": a_member("other"),
        "mod": a_member("mod", super_user_in=[home, inner]),
        "farmod": a_member("farmod", super_user_in=[far]),
        "agent": a_member("agent", role="agent"),
        "manager": a_member("manager", role="manager"),
        "admin": a_member("admin", role="admin"),
        "stranger": a_member("stranger", member_of=[inner]),
    }


def a_thing(kind: str, space: Space, author: Member) -> Thing:
    """A thread by somebody, with a reply by the same person."""
    thread = a_thread(space, author, title=f"Canary title {kind}", body=f"Canary body {kind}", tags=[f"tag-{kind}"])
    post = a_reply(thread, author, f"Canary reply {kind}")
    return Thing(kind, thread.id, post.id, a_file(post, author), author.handle)


def build(actor: str, login_as: LoginAs) -> World:
    """The world, with `actor` signed in."""
    world = World(actor)
    home, far = a_space("home"), a_space("far")
    inner = a_space("inner", visibility="members", name="Canary inner space")
    known = people(home, far, inner)
    world.spaces = {space.slug: space.id for space in (home, far, inner)}
    for kind in THINGS:
        author = known["member"] if kind == "own" else known["stranger"]
        world.things[kind] = a_thing(kind, inner if kind == "inner" else home, author)
    _put_apart(world, known["manager"])
    _belongings(world, known)
    create(OrganisationDetails(name="Canary customer", slug="customer"), by_id=None)
    db.session.add_all([Tag(name="tag-others"), Tag(name="synonym", main="tag-others")])
    db.session.add(Member(handle="unclaimed", name="Unclaimed", email="se-1@canary.import.invalid"))
    db.session.commit()
    if actor != "anonymous":
        cookie = login_as(actor).client.get_cookie("isthmus")
        assert cookie is not None
        world.cookie = cookie.value
    return world


def _put_apart(world: World, manager: Member) -> None:
    operations.restrict(db.session.get_one(Thread, world.things["restricted"].thread), by_id=None)
    for post_id in (_opening(world.things["hidden"].thread), world.things["reply"].post):
        operations.hide_post(db.session.get_one(Post, post_id), by_id=manager.id, reason="Canary reason")


def _opening(thread_id: int) -> int:
    return db.session.scalars(select(Post.id).where(Post.thread_id == thread_id, Post.number == 1)).one()


def _belongings(world: World, known: dict[str, Member]) -> None:
    stranger, owner = known["stranger"], known.get(world.actor, known["stranger"])
    rows = {
        "sign_in": SignIn(member_id=stranger.id, token_hash=hash_token("s"), ends_at=utcnow()),
        "own_sign_in": SignIn(member_id=owner.id, token_hash=hash_token("o"), ends_at=utcnow()),
        "text": Draft(member_id=stranger.id, key="reply:1", kind="reply", target_id=1, body="Canary text begun"),
        "own_text": Draft(member_id=owner.id, key="thread", kind="thread", body="Own words begun"),
        "dead": Delivery(handler="x", run_at=utcnow(), state="dead"),
        "event": EventRecord(name="x.y.z"),
    }
    db.session.add_all([*rows.values(), Expertise(member_id=stranger.id, tag="known")])
    db.session.flush()
    news = {"kind": "reply", "title": "t", "url": "/help", "event_id": rows["event"].id, "at": utcnow()}
    rows["notification"] = Notification(member_id=stranger.id, **news)
    db.session.add(rows["notification"])
    db.session.flush()
    world.ids = {name: row.id for name, row in rows.items()}
    _above(world, known)
    _waiting(world, known)
    world.ids["stranger"] = stranger.id
    bookmarks.add(db.session.get_one(Post, world.things["others"].post), member_id=stranger.id)
    world.ids["bookmark"] = db.session.scalars(select(Bookmark.id)).one()
    world.ids["grant"] = db.session.scalars(select(Grant.id).where(Grant.kind == SPACE_MEMBER)).one()
    _judged(world, known)
    world.ids["deviation"] = _broken_rule(known["mod"], a_member())
    _talks(world, known)
    _duty(world, known)
    _groups(world, stranger)
    _among_super_users(world, known)
    _candidates(world, known)
    _learning(world, known)
    _recognised(world, known)
    world.tokens |= {purpose: link_token(purpose, stranger) for purpose in ("confirm", "reset")}


def _broken_rule(super_user: Member, reviewer: Member) -> int:
    """A rule that somebody broke on purpose, and that is to be changed."""
    told = deviations.Account("charter", "Canary rule", "Canary why broken", "Canary done instead", "")
    made = deviations.record(told, member_id=super_user.id, by_id=super_user.id)
    deviations.review(made, "change", by_id=reviewer.id, words="Canary words")
    return made.id


def _judged(world: World, known: dict[str, Member]) -> None:
    """What was done about a stranger and about the actor called "member", and what is reported."""
    by = {"rule": "charter", "by_id": known["manager"].id, "space_id": world.spaces["home"], "words": "Canary words"}
    rows = {
        "warning": Measure(kind="warn", member_id=known["stranger"].id, **by),
        "own_warning": Measure(kind="warn", member_id=known["member"].id, **by),
        "silence": Measure(kind="silence", member_id=known["stranger"].id, until=utcnow() + timedelta(days=3), **by),
        "act": Measure(kind="silence", member_id=known["stranger"].id, until=utcnow() + timedelta(days=3), **by),
        "voided": Measure(kind="void_votes", member_id=known["stranger"].id, **by),
    }
    rows["voided"].before = {"members": [known["stranger"].id, known["other"].id]}
    rows["act"].before = {"cleaning": {"spaces": None, "total": 0, "closed": []}}
    db.session.add_all(rows.values())
    trusted = [TrustedWriter(member_id=known["stranger"].id, space_id=world.spaces[slug]) for slug in ("home", "inner")]
    db.session.add_all(trusted)
    post = world.things["others"].post
    about = {"space_id": world.spaces["home"], "member_id": known["stranger"].id}
    world.ids["case"] = open_case("flag", "post", post, rule="spam", **about).id
    db.session.flush()
    world.ids |= {name: row.id for name, row in rows.items()}
    world.tokens["measure"] = appeal_links.token_for(rows["warning"])


def _duty(world: World, known: dict[str, Member]) -> None:
    """A turn of mod's, and one of a colleague's that mod was asked to take; what a stranger wrote down."""
    home, day = db.session.get_one(Space, world.spaces["home"]), utcnow().date() + 7 * DAY
    colleague, mod = a_member(super_user_in=[home]), known["mod"]
    for key, member in (("own_turn", mod), ("turn", colleague)):
        wanted = duty.Plan(day.weekday(), 0, 60, member.id)
        turn = duty.plan(home.id, wanted, zone="UTC", by_id=None)
        world.ids[key] = turn.id
    world.tokens["own_turn_on"] = day.isoformat()
    world.ids["swap"] = duty.ask(duty.Day(turn, day), mod.id, by_id=colleague.id).id
    hours = duty.write_down(known["stranger"].id, 15)
    world.ids["hours"] = hours.id if hours else 0
    concern = DutyConcern(
        member_id=colleague.id, space_id=home.id, month="2026-11", reason="carries", theirs=12, beside=20
    )
    db.session.add(concern)
    db.session.flush()
    world.ids["concern"] = concern.id
    world.ids["absence"] = absences.enter(known["stranger"], day, day, shown=False).id


def _candidates(world: World, known: dict[str, Member]) -> None:
    """A stranger who applied and was nominated; the actor called "member" is asked, and has an agreement to sign."""
    far, member, day = db.session.get_one(Space, world.spaces["far"]), known["member"], utcnow().date()
    applied = appointing.apply(known["stranger"], appointing.Terms([far], reason="Canary application"))
    said = appointing.nominate(known["other"], far, by_id=known["farmod"].id, reason="Canary nomination")
    asked = appointing.appoint(member, appointing.Terms([far], duties="Canary duties"), by_id=known["manager"].id)
    terms = agreements.AgreementTerms(member, 3.0, "Canary areas", day, day + timedelta(days=90), "Canary agreement")
    agreed = agreements.draft(terms, by_id=known["manager"].id)
    agreements.send(agreed, by_id=known["manager"].id)
    world.ids |= {"appointment": applied.id, "own_appointment": asked.id, "nomination": said.id, "agreement": agreed.id}


def _talks(world: World, known: dict[str, Member]) -> None:
    """A conversation of the actor called "member", and one of two whom nobody else concerns."""
    words = {"subject": "Canary subject", "body": "Canary message"}
    world.ids["talk"] = start_talk(sender_id=known["stranger"].id, to=[known["member"]], **words).id
    world.ids["closed_talk"] = start_talk(sender_id=known["stranger"].id, to=[a_member()], **words).id


def _groups(world: World, stranger: Member) -> None:
    """A group that everybody sees and may join, and a hidden one; a stranger is in both."""
    post_id = _opening(world.things["others"].thread)
    for slug, how in (("team", ("open", "everybody")), ("secret-team", ("invitation", "hidden"))):
        group = Group(slug=slug, name=f"Canary {slug}", joining=how[0], visibility=how[1], list_visibility="members")
        db.session.add(group)
        db.session.flush()
        db.session.add(GroupMember(group_id=group.id, member_id=stranger.id))
        db.session.add(GroupMention(group_id=group.id, post_id=post_id))
    db.session.flush()
    world.ids["mention"] = db.session.scalars(select(GroupMention.id).order_by(GroupMention.id)).first() or 0


def _among_super_users(world: World, known: dict[str, Member]) -> None:
    """A gathering of the agent and the manager, a question of the manager to the agent, and an open invitation."""
    agent, manager = known["agent"], known["manager"]
    begins = utcnow() + timedelta(days=2)
    when = When(begins, begins + timedelta(hours=1), "UTC", "Canary place")
    said = gatherings.Call("Canary gathering", "Canary agenda", when, (f"person:{manager.id}",))
    called = gatherings.call(said, by_id=agent.id)
    follow_up = gatherings.note_follow_up(called, "Canary follow-up", agent.id, None)
    pool = ExpertPool()
    expert_pools.write_pool(pool, name="Canary pool", about="", tags=[], member_ids={agent.id})
    words = {"title": "Canary expert question", "body": "Canary words to experts"}
    asked = expert_pools.ask(pool, asker_id=manager.id, thread_id=None, **words)
    offer = offers.invite(offers.Said("test", "Canary invitation", "Canary what", 2, None), by_id=agent.id)
    db.session.flush()
    world.ids |= {"gathering": called.id, "follow_up": follow_up.id, "pool": pool.id}
    world.ids |= {"expert_question": asked.id, "offer": offer.id}


def _learning(world: World, known: dict[str, Member]) -> None:
    """A check-list for super users; one would like to show something, and showed something to the actor "mod"."""
    learner = a_member("learner", super_user_in=[db.session.get_one(Space, world.spaces["far"])])
    found = training.make("Canary check-list", "super_user", "en", by_id=known["manager"].id)
    item = training.add_item(found, training.Written("Canary item", "Canary lesson"), by_id=None)
    shown = training.add_item(found, training.Written("Canary exercise", shown=True), by_id=None)
    seen = training.add_item(found, training.Written("Canary practice", shown=True), by_id=None)
    training.publish(found, by_id=None)
    for each in (shown, seen):
        training.tick(each, learner.id, version=1)
    training.confirm(db.session.get_one(ChecklistTick, (seen.id, learner.id)), by_id=known["mod"].id)
    world.ids |= {"checklist": found.id, "item": item.id, "shown_item": shown.id, "seen_item": seen.id}


def _recognised(world: World, known: dict[str, Member]) -> None:
    """Letters about the actor called "member": one that is to be signed, and one that is signed and shared."""
    day, manager = utcnow().date(), known["manager"]
    for key in ("letter", "signed_letter"):
        told = letters.Told("Canary employer", "en", day, day, f"Canary words of {key}", ["answers", "hours_given"])
        made = letters.draft(known["member"], told, by_id=manager.id)
        letters.show(made, by_id=manager.id)
        letters.agree(made)
        world.ids[key] = made.id
    signed = db.session.get_one(Letter, world.ids["signed_letter"])
    letters.sign(signed, member=manager, hash_seen=letters.hash_of(signed))
    world.tokens["letter"] = letters.share(signed, "Canary reader") or ""
    world.ids["letter_link"] = db.session.scalars(select(LetterLink.id)).one()


def _waiting(world: World, known: dict[str, Member]) -> None:
    """What somebody proposed to a stranger's text, and news that are to be published."""
    post = db.session.get_one(Post, world.things["others"].post)
    proposed = suggest(post, member_id=a_member().id, title="", body="Canary proposal", reason="Canary why")
    later = utcnow() + timedelta(days=1)
    news = ScheduledNews(
        space_id=world.spaces["home"], author_id=known["agent"].id, title="Canary news", body="x", publish_at=later
    )
    db.session.add(news)
    db.session.flush()
    world.ids |= {"suggestion": proposed.id, "news": news.id}


def _above(world: World, known: dict[str, Member]) -> None:
    """What the packages above the community hold."""
    stranger = known["stranger"]
    home = db.session.get_one(Space, world.spaces["home"])
    articles = {
        "draft": an_article(stranger, space=home),
        "edited": an_article(stranger, space=home),
        "validated": an_article(stranger, space=home, validated_by=a_member()),
        "published": an_article(stranger, space=home, published=True),
    }
    edited = Content(title="Another title", issue="x", resolution="y", environment=[], tags=[])
    article_operations.edit(articles["edited"], edited, editor_id=stranger.id)
    query = a_query(a_thread(home, stranger), stranger)
    db.session.flush()
    world.ids |= {name: article.id for name, article in articles.items()}
    world.ids |= {"query": query.id, "at_desk": query.links[0].thread_id}
    world.tokens["reference"] = query.reference
    way = _elsewhere(query, known["agent"])
    held = DeskMessage(
        hand_over_id=way.id, remote_id="mail:1", state="held", author="Canary sender", text="Canary mail"
    )
    db.session.add(held)
    db.session.flush()
    world.ids |= {"hand_over": way.id, "held_mail": held.id}


def _elsewhere(query: Query, speaker: Member) -> HandOver:
    """The query given up on its way to a desk whose kind is not installed, so that nothing is ever asked."""
    desk = ServiceDesk(key="desk", name="Canary desk", kind="gone", url="https://desk.invalid", speaker_id=speaker.id)
    desk.last_error = "Canary error"
    db.session.add(desk)
    db.session.flush()
    made = HandOver(query_id=query.id, desk_id=desk.id, ref="canary-ref", state="dead", error="Canary reason there")
    db.session.add(made)
    db.session.flush()
    return made
