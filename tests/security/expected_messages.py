"""Who may do what with messages and blocking; as `expected.py`."""

from dataclasses import replace

from tests.security.expected import Route, fixed, one_of, signed_in

# Only who takes part reads a conversation: the actor called "member" in one, nobody who asks in the other.
talk = Route(
    may=lambda a, t: t.kind == "own" and a == "member",
    things=("own", "others"),
    args=lambda w, t: {"conversation_id": w.ids["talk" if t.kind == "own" else "closed_talk"]},
)

MESSAGES: dict[tuple[str, str], Route] = {
    ("GET", "messages.index"): signed_in,
    ("GET", "messages.new"): signed_in,
    ("POST", "messages.new"): Route(data={"to": "stranger", "subject": "Canary", "body": "Words"}),
    ("GET", "messages.conversation"): talk,
    ("POST", "messages.reply"): replace(talk, data={"body": "Words"}),
    ("POST", "messages.add"): Route(may=one_of(), things=("own", "others"), args=talk.args, data={"to": "other"}),
    ("GET", "messages.leave"): talk,
    ("POST", "messages.leave"): talk,
    ("POST", "messages.mute"): talk,
    ("POST", "messages.read"): replace(talk, data={"number": "1"}),
    ("GET", "blocking.index"): signed_in,
    ("POST", "blocking.block"): Route(args=fixed(handle="stranger")),
    ("POST", "blocking.unblock"): Route(args=fixed(handle="stranger")),
}
