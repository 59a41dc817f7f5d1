"""Who may do what with what is looked at before publishing. In this world nothing waits and no word is watched."""

from dataclasses import replace

from tests.security.expected import RUN, STAFF, Route, a_space, moderates_thread, on_thread, one_of, signed_in

sets = Route(may=one_of(*RUN), things=("others", "inner"), args=a_space)
oversees = Route(may=lambda a, t: a in STAFF | {"mod"}, things=("others", "inner"), args=a_space)
withdraws = Route(
    may=one_of("mod", *RUN),
    things=("others", "inner"),
    args=lambda w, t: {**a_space(w, t), "member_id": w.ids["stranger"]},
)

GATES: dict[tuple[str, str], Route] = {
    ("GET", "held.waiting"): signed_in,
    ("POST", "held.take_back"): Route(may=one_of(), args=lambda w, t: {"held_id": 10**6}),
    ("GET", "gates.rules"): sets,
    ("POST", "gates.rules"): replace(sets, data={"first_posts": "1"}),
    ("POST", "gates.close"): replace(sets, data={"why": "because"}),
    ("POST", "gates.open_again"): sets,
    ("GET", "gates.words"): sets,
    ("POST", "gates.words"): replace(sets, data={"text": "word", "look": "word", "action": "hold"}),
    ("POST", "gates.try_words"): replace(sets, data={"trial": "A text to try"}),
    ("POST", "gates.remove_word"): replace(sets, may=one_of(), args=lambda w, t: {**a_space(w, t), "word_id": 10**6}),
    ("GET", "trust.writers"): oversees,
    ("GET", "trust.withdraw"): withdraws,
    ("POST", "trust.withdraw"): replace(withdraws, data={"reason": "because"}),
    ("POST", "slowing.set_slow"): on_thread(moderates_thread, minutes="5"),
}
