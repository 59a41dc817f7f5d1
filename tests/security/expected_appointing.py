"""Who may do what with appointments, nominations and agreements.

In this world a stranger applied, and was nominated; the actor called "member" is asked, and has an agreement to sign.
Only people who lead a space, and staff, have standing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.security.expected import RUN, STAFF, Route, numbered, one_of, runs, signed_in
from tests.security.world import Thing, World


def an_appointment(world: World, thing: Thing) -> Mapping[str, Any]:
    return {"appointment_id": world.ids["own_appointment" if thing.kind == "own" else "appointment"]}


def sees(actor: str, thing: Thing) -> bool:
    """Managers, and the person once they are asked."""
    return actor in RUN or (thing.kind == "own" and actor == "member")


known = one_of("mod", "farmod", *STAFF)
appointment = Route(may=sees, things=("own", "others"), args=an_appointment)
agreement = Route(may=one_of("member", *RUN), args=numbered("agreement_id", "agreement"))
changes = replace(agreement, may=one_of(*RUN))

APPOINTING: dict[tuple[str, str], Route] = {
    ("GET", "rights.table"): signed_in,
    ("GET", "appointments.people"): signed_in,
    ("GET", "appointments.list_"): runs,
    ("GET", "appointments.new"): runs,
    ("POST", "appointments.new"): replace(runs, good=422),
    ("GET", "appointments.nominate"): Route(may=known),
    ("POST", "appointments.nominate"): Route(may=known, good=422),
    ("GET", "appointments.apply"): Route(may=one_of("mod", "farmod")),
    ("POST", "appointments.apply"): Route(may=one_of("mod", "farmod"), good=422),
    ("POST", "appointments.withdraw_nomination"): Route(
        may=one_of("farmod"), args=numbered("nomination_id", "nomination")
    ),
    ("GET", "appointments.one"): appointment,
    ("POST", "appointments.answer"): replace(
        appointment, may=lambda a, t: t.kind == "own" and a == "member", data={"to": "yes"}
    ),
    ("POST", "appointments.end"): replace(appointment, may=one_of(*RUN)),
    # Neither is held yet.
    ("POST", "appointments.pause"): replace(appointment, may=one_of()),
    # Nor has an offer ended without an answer.
    ("POST", "appointments.offer_again"): replace(appointment, may=one_of()),
    ("POST", "appointments.renew"): replace(appointment, may=one_of(), data={"months": "12"}),
    ("GET", "agreements.list_"): signed_in,
    ("GET", "agreements.new"): runs,
    ("POST", "agreements.new"): replace(runs, good=422),
    ("GET", "agreements.one"): agreement,
    ("GET", "agreements.edit"): changes,
    ("POST", "agreements.edit"): replace(changes, good=422),
    ("POST", "agreements.send"): changes,
    ("POST", "agreements.sign"): replace(agreement, data={"hash": "x"}),
    ("POST", "agreements.end"): changes,
    ("GET", "agreements.version"): replace(
        agreement, args=lambda w, t: {"agreement_id": w.ids["agreement"], "number": 1}
    ),
}
