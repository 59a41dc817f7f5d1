"""The table of the packages above the community."""

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
from tests.security.world import Thing

ADMITTED = -1
WRITERS = one_of("mod", *STAFF)
VERBS = (
    "acknowledgement", "assignment", "classification", "decline", "information_request", "major", "next_news",
    "notes", "priority", "replies", "resolution", "threads", "closure", "reopening",
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


on_query = numbered("query_id", "query")
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
    ("GET", "bridge.query"): Route(public=True, args=reference()),
    ("POST", "bridge.add"): Route(args=reference(), good=ADMITTED),
    ("POST", "bridge.reopen"): Route(may=one_of(), args=reference()),
    ("GET", "desk.queue"): Route(may=one_of(*STAFF)),
    ("GET", "desk.suggestions"): Route(may=one_of(*STAFF)),
    ("GET", "desk.query"): Route(may=one_of(*STAFF), args=on_query),
    ("GET", "priorities.show"): Route(may=one_of(*RUN)),
    ("POST", "priorities.save"): Route(may=one_of(*RUN), good=ADMITTED),
    ("POST", "pushes.push"): Route(may=one_of(), public=True, args=fixed(key="nowhere")),
    **{("POST", f"desk.{verb}"): Route(may=one_of(*STAFF), args=on_query, good=ADMITTED) for verb in VERBS},
}
UPPER = KNOWLEDGE | GAMIFICATION | BRIDGE
