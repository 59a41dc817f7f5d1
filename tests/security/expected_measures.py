"""Who may do what with reports, measures, appeals and cases; as `expected.py`."""

from collections.abc import Mapping
from typing import Any

from tests.security.expected import Route, fixed, numbered, one_of, signed_in, space_page
from tests.security.world import Thing, World

JUDGES = ("mod", "manager", "admin")
warning, silence, act = (numbered("measure_id", key) for key in ("warning", "silence", "act"))
case = numbered("case_id", "case")
stranger = fixed(handle="stranger")


def reported(world: World, thing: Thing) -> Mapping[str, Any]:
    """A reply as a thing that is reported."""
    return {"kind": "post", "target_id": thing.post}


def flagged(_actor: str, thing: Thing) -> bool:
    """Everybody reports what they read and did not write."""
    return thing.kind == "others"


JUDGED = Route(may=one_of(*JUDGES), args=case)
WORDS = {"rule": "charter", "words": "Canary words"}
MEASURES: dict[tuple[str, str], Route] = {
    ("GET", "moderation.flag"): Route(may=flagged, args=reported),
    ("POST", "moderation.flag"): Route(may=flagged, args=reported, data={"reason": "spam"}),
    ("POST", "moderation.withdraw"): Route(may=one_of(), args=reported),
    ("GET", "moderation.own_measures"): signed_in,
    ("GET", "moderation.measure"): Route(may=one_of(*JUDGES), args=warning),
    ("POST", "moderation.appeal"): Route(
        may=one_of("member"), args=numbered("measure_id", "own_warning"), data={"words": "Canary words"}
    ),
    ("GET", "moderation.appeal_by_link"): Route(public=True, args=lambda w, t: {"token": w.tokens["measure"]}),
    ("POST", "moderation.appeal_by_link"): Route(
        public=True, args=lambda w, t: {"token": w.tokens["measure"]}, data={"words": "Canary words"}
    ),
    ("GET", "about_people.known"): Route(may=one_of(*JUDGES), args=stranger),
    ("POST", "about_people.known"): Route(
        may=one_of(*JUDGES),
        args=stranger,
        data=lambda w, t: {**WORDS, "kind": "warn", "space": w.spaces["home"]},
    ),
    ("POST", "about_people.ask"): Route(may=one_of(*JUDGES), args=stranger, data=WORDS),
    ("POST", "about_people.lift"): Route(may=one_of(*JUDGES), args=silence),
    ("POST", "about_people.change_end"): Route(may=one_of(*JUDGES), args=silence, data={"until": "2099-01-01"}),
    ("GET", "about_people.clean"): Route(may=one_of(*JUDGES), args=stranger),
    ("POST", "about_people.clean"): Route(may=one_of(*JUDGES), args=stranger, data=WORDS),
    ("GET", "about_people.act"): Route(may=one_of(*JUDGES), args=act),
    ("POST", "about_people.undo"): Route(may=one_of("manager", "admin"), args=act),
    ("GET", "about_votes.pair"): Route(may=one_of("manager", "admin"), args=fixed(handle="stranger", other="other")),
    ("POST", "about_votes.pair"): Route(
        may=one_of("manager", "admin"), args=fixed(handle="stranger", other="other"), data={"words": "Canary words"}
    ),
    ("POST", "about_votes.undo"): Route(may=one_of("manager", "admin"), args=numbered("measure_id", "voided")),
    ("GET", "public_log.of_space"): space_page,
    ("GET", "review.list_"): Route(may=one_of("mod", "farmod", "agent", "manager", "admin")),
    ("GET", "review.case"): JUDGED,
    ("POST", "review.decide"): Route(may=one_of(*JUDGES), args=case, data={"decision": "fine"}),
    ("POST", "review.decide_many"): Route(may=one_of("mod", "farmod", "agent", "manager", "admin")),
    ("POST", "review.claim"): JUDGED,
    ("POST", "review.assign"): JUDGED,
    ("POST", "review.ask_second"): JUDGED,
    ("POST", "review.give_opinion"): Route(may=one_of(*JUDGES), args=case, data={"decision": "fine"}),
    ("POST", "review.undo"): Route(may=one_of(), args=case),
}
