"""Who may do what with check-lists and letters of recognition.

In this world a check-list is for super users, one of whom would like to show something; the letters are about the actor
called "member": one can be signed, one is signed and shared.
"""

from dataclasses import replace

from tests.security.expected import RUN, STAFF, Route, fixed, numbered, one_of, runs, signed_in

FOLLOWS = one_of("mod", "farmod", *STAFF)
HELPS = one_of("mod", "farmod")
checklist = replace(runs, args=numbered("checklist_id", "checklist"))
item = replace(runs, args=numbered("item_id", "item"))
letter = Route(may=one_of("member", *RUN), args=numbered("letter_id", "letter"))
written = replace(letter, may=one_of(*RUN))
theirs = replace(letter, may=one_of("member"))
shared = replace(theirs, args=numbered("letter_id", "signed_letter"))
listed = {"title": "A check-list", "audience": "super_user", "language": "en"}
learnt = {"title": "Something to learn", "body": "Words", "link": "/help", "required": "y"}
told = {
    "addressee": "Somebody", "language": "en", "begins": "2026-01-01", "ends": "2026-02-01", "words": "Thanks",
    "figures": "answers",
}  # fmt: skip

RECOGNITION: dict[tuple[str, str], Route] = {
    ("GET", "training.mine"): Route(may=FOLLOWS),
    ("POST", "training.tick"): Route(may=HELPS, args=numbered("item_id", "item"), data={"version": "1"}),
    ("POST", "training.take_back"): Route(may=HELPS, args=numbered("item_id", "item")),
    ("POST", "training.confirm"): Route(
        may=FOLLOWS,
        args=lambda w, t: {"item_id": w.ids["shown_item"], "handle": "learner"},
        data={"version": "1"},
    ),
    ("POST", "training.unconfirm"): Route(
        may=one_of("mod"), args=lambda w, t: {"item_id": w.ids["seen_item"], "handle": "learner"}
    ),
    ("GET", "checklists.list_"): runs,
    ("POST", "checklists.take_defaults"): replace(runs, data={"language": "en"}),
    ("GET", "checklists.new"): runs,
    ("POST", "checklists.new"): replace(runs, data=listed),
    ("GET", "checklists.one"): checklist,
    ("GET", "checklists.edit"): checklist,
    ("POST", "checklists.edit"): replace(checklist, data=listed),
    ("POST", "checklists.publish"): checklist,
    ("POST", "checklists.retire"): replace(checklist, data={"to": "on"}),
    ("POST", "checklists.move"): replace(checklist, data={"to": "up"}),
    ("GET", "checklists.add"): checklist,
    ("POST", "checklists.add"): replace(checklist, data=learnt),
    ("GET", "checklists.edit_item"): item,
    ("POST", "checklists.edit_item"): replace(item, data=learnt),
    ("POST", "checklists.retire_item"): replace(item, data={"to": "on"}),
    ("POST", "checklists.move_item"): replace(item, data={"to": "down"}),
    ("GET", "letters.list_"): signed_in,
    ("GET", "letters.new"): runs,
    ("POST", "letters.new"): replace(runs, data=told | {"handle": "mod"}),
    ("GET", "letters.one"): letter,
    ("GET", "letters.version"): replace(letter, args=lambda w, t: {"letter_id": w.ids["letter"], "number": 1}),
    ("GET", "letters.edit"): written,
    ("POST", "letters.edit"): replace(written, data=told),
    ("POST", "letters.count_again"): written,
    ("POST", "letters.show"): replace(written, may=one_of()),  # it is shown already
    ("POST", "letters.sign"): replace(written, data={"hash": "x"}),
    ("POST", "letters.discard"): written,
    ("POST", "letters.agree"): theirs,
    ("POST", "letters.ask_for_change"): replace(theirs, data={"words": "Please tell less"}),
    ("POST", "letters.allow_hours"): replace(theirs, data={"to": "on"}),
    ("POST", "letters.share"): replace(shared, data={"note": "My manager"}),
    ("POST", "letters.revoke"): replace(
        shared, args=lambda w, t: {"letter_id": w.ids["signed_letter"], "link_id": w.ids["letter_link"]}
    ),
    ("GET", "letters.shared"): Route(public=True, args=fixed(token="x"), good=404),
}
