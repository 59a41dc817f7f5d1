"""The table of the packages above the community."""

from collections.abc import Mapping
from typing import Any

from tests.security.expected import (
    RUN,
    STAFF,
    THINGS,
    Args,
    Route,
    anybody,
    decides,
    fixed,
    numbered,
    one_of,
    owns,
    reads_thread,
    thread_of,
)
from tests.security.world import Thing, World

ADMITTED = -1
WRITERS = one_of("mod", *STAFF)
VERBS = (
    "acknowledgement", "assignment", "classification", "decline", "information_request", "major", "next_news",
    "notes", "priority", "replies", "resolution", "threads", "closure", "reopening", "showing",
)  # fmt: skip


def drafts(actor: str, thing: Thing) -> bool:
    """Authors and writers, from what everybody there may see."""
    if thing.kind in ("restricted", "hidden"):
        return False
    return reads_thread(actor, thing) and (owns(actor, thing) or actor in STAFF | {"mod"})


def on_article(name: str) -> Args:
    return numbered("article_id", name)


def reference() -> Args:
    return lambda world, thing: {"reference": world.tokens["reference"]}


def steps_in(actor: str, thing: Thing) -> bool:
    """Super users and staff, on what they can read and what is in view."""
    return reads_thread(actor, thing) and thing.kind != "hidden" and actor in STAFF | {"mod"}


def staff_on_open(actor: str, thing: Thing) -> bool:
    """Staff, on what is in view."""
    return steps_in(actor, thing) and actor in STAFF


def lets_join(actor: str, thing: Thing) -> bool:
    """What is restricted would hide everybody's query."""
    return staff_on_open(actor, thing) and thing.kind != "restricted"


def joining(world: World, thing: Thing) -> Mapping[str, Any]:
    return {"thread_id": thing.thread, "query_id": world.ids["query"]}


on_rule = fixed(key="unanswered")
on_query = numbered("query_id", "query")
on_desk = fixed(key="desk")
on_mail = numbered("message_id", "held_mail")
of_admins = one_of("admin")
KNOWLEDGE = {
    ("GET", "knowledge.index"): anybody,
    ("GET", "knowledge.article"): Route(public=True, args=on_article("published")),
    ("GET", "knowledge.revisions"): Route(public=True, args=on_article("published")),
    ("GET", "knowledge.edit"): Route(may=WRITERS, args=on_article("draft")),
    ("POST", "knowledge.edit"): Route(may=WRITERS, args=on_article("draft"), good=ADMITTED),
    ("POST", "knowledge.validate"): Route(may=WRITERS, args=on_article("draft")),
    ("POST", "knowledge.publish"): Route(may=WRITERS, args=on_article("validated")),
    ("POST", "knowledge.archive"): Route(may=WRITERS, args=on_article("published")),
    ("POST", "knowledge.feedback"): Route(args=on_article("published"), good=ADMITTED),
    ("POST", "knowledge.restore"): Route(
        may=WRITERS, args=lambda w, t: {"article_id": w.ids["edited"], "number": 1}, good=ADMITTED
    ),
    ("POST", "knowledge.draft"): Route(may=drafts, things=THINGS, args=thread_of),
}
GAMIFICATION = {("GET", "gamification.standing"): Route(public=True, args=fixed(handle="stranger"))}
BRIDGE = {
    ("GET", "bridge.promotion_preview"): Route(may=decides, things=THINGS, args=thread_of),
    ("POST", "bridge.promote"): Route(may=decides, things=THINGS, args=thread_of, good=ADMITTED),
    ("GET", "bridge.further_preview"): Route(may=one_of("mod", *STAFF), args=numbered("thread_id", "at_desk")),
    ("POST", "bridge.promote_further"): Route(
        may=one_of("mod", *STAFF), args=numbered("thread_id", "at_desk"), good=ADMITTED
    ),
    ("GET", "bridge.query"): Route(public=True, args=reference()),
    ("POST", "bridge.add"): Route(args=reference(), good=ADMITTED),
    ("POST", "bridge.reopen"): Route(may=one_of(), args=reference()),
    ("GET", "desk.queue"): Route(may=one_of(*STAFF)),
    ("GET", "desk.suggestions"): Route(may=one_of(*STAFF)),
    ("GET", "desk.unanswered"): Route(may=one_of(*STAFF)),
    ("POST", "deciding.accept"): Route(may=staff_on_open, things=THINGS, args=thread_of),
    ("POST", "deciding.join"): Route(may=lets_join, things=THINGS, args=joining, good=ADMITTED),
    ("POST", "deciding.dismiss"): Route(may=staff_on_open, things=THINGS, args=thread_of, data={"dismiss_reason": "x"}),
    ("GET", "stepping.window"): Route(may=steps_in, things=THINGS, args=thread_of),
    ("GET", "stepping.retype"): Route(may=steps_in, things=THINGS, args=thread_of),
    ("POST", "stepping.claim"): Route(may=steps_in, things=THINGS, args=thread_of, data={"claim_time": "4 h"}),
    ("POST", "stepping.hold"): Route(
        may=steps_in, things=THINGS, args=thread_of, data={"hold_reason": "x", "hold_time": "4 h"}
    ),
    ("POST", "stepping.propose"): Route(
        may=steps_in, things=THINGS, args=thread_of, data={"proposed_class": "incident", "proposed_reason": "x"}
    ),
    ("POST", "stepping.let_go"): Route(may=steps_in, things=THINGS, args=thread_of),
    ("POST", "stepping.promote_now"): Route(may=steps_in, things=THINGS, args=thread_of),
    ("GET", "promotion_rules.index"): Route(may=one_of(*RUN)),
    ("GET", "promotion_rules.new"): Route(may=one_of(*RUN)),
    ("POST", "promotion_rules.new"): Route(may=one_of(*RUN), good=ADMITTED),
    ("GET", "promotion_rules.edit"): Route(may=one_of(*RUN), args=on_rule),
    ("POST", "promotion_rules.edit"): Route(may=one_of(*RUN), args=on_rule, good=ADMITTED),
    ("POST", "promotion_rules.switch"): Route(may=one_of(*RUN), args=on_rule),
    ("POST", "promotion_rules.suggest"): Route(may=one_of(*RUN), args=on_rule),
    ("POST", "promotion_rules.automatic"): Route(may=one_of(*RUN), args=on_rule),
    ("POST", "promotion_rules.reset"): Route(may=one_of(*RUN), args=on_rule),
    ("GET", "promotion_rules.trial"): Route(may=one_of(*RUN), args=on_rule),
    ("POST", "promotion_rules.ask"): Route(may=one_of(*RUN), args=on_rule),
    ("GET", "promotion_rules.tried"): Route(may=one_of(), args=fixed(trial_id=1)),
    ("GET", "promotion_rules.hours"): Route(may=one_of(*RUN)),
    ("POST", "promotion_rules.hours"): Route(may=one_of(*RUN), good=ADMITTED),
    ("GET", "desk.query"): Route(may=one_of(*STAFF), args=on_query),
    ("GET", "desk.held_mail"): Route(may=one_of(*STAFF)),
    ("GET", "desk.held_message"): Route(may=one_of(*STAFF), args=on_mail),
    ("POST", "desk.release_mail"): Route(may=one_of(*STAFF), args=on_mail, good=ADMITTED),
    ("POST", "desk.note_mail"): Route(may=one_of(*STAFF), args=on_mail, good=ADMITTED),
    ("POST", "desk.put_mail_aside"): Route(may=one_of(*STAFF), args=on_mail, good=ADMITTED),
    ("GET", "triage.quality"): Route(may=one_of(*RUN)),
    ("GET", "priorities.show"): Route(may=one_of(*RUN)),
    ("POST", "priorities.save"): Route(may=one_of(*RUN), good=ADMITTED),
    ("POST", "pushes.push"): Route(may=one_of(), public=True, args=fixed(key="nowhere")),
    ("GET", "desks.index"): Route(may=of_admins),
    ("GET", "desks.connect"): Route(may=of_admins, args=fixed(kind="rt")),
    ("POST", "desks.connect"): Route(may=of_admins, args=fixed(kind="rt"), good=ADMITTED),
    ("POST", "desks.trial"): Route(may=of_admins, args=fixed(kind="rt"), good=ADMITTED),
    ("GET", "desks.desk"): Route(may=of_admins, args=on_desk),
    ("POST", "desks.trial_of_desk"): Route(may=of_admins, args=on_desk),
    ("GET", "desks.settings"): Route(may=of_admins, args=on_desk),
    ("POST", "desks.settings"): Route(may=of_admins, args=on_desk, good=ADMITTED),
    ("GET", "desks.statuses"): Route(may=of_admins, args=on_desk),
    ("POST", "desks.statuses"): Route(may=of_admins, args=on_desk, good=ADMITTED),
    ("GET", "desks.routes"): Route(may=of_admins),
    ("POST", "desks.routes"): Route(may=of_admins, good=ADMITTED),
    ("GET", "handovers.failures"): Route(may=one_of(*STAFF)),
    ("GET", "handovers.register"): Route(may=one_of(*STAFF)),
    ("GET", "handovers.sheet"): Route(may=one_of(*STAFF), args=on_query),
    ("POST", "handovers.retry"): Route(may=one_of(*STAFF), args=numbered("hand_over_id", "hand_over")),
    ("POST", "handovers.retry_all"): Route(may=one_of(*STAFF)),
    ("POST", "handovers.take_back"): Route(may=one_of(*STAFF), args=on_query, good=ADMITTED),
    ("POST", "handovers.move"): Route(may=one_of(*STAFF), args=on_query, good=ADMITTED),
    ("POST", "handovers.hand_over"): Route(may=one_of(*STAFF), args=on_query, good=ADMITTED),
    **{("POST", f"desk.{verb}"): Route(may=one_of(*STAFF), args=on_query, good=ADMITTED) for verb in VERBS},
}
UPPER = KNOWLEDGE | GAMIFICATION | BRIDGE
