"""What each kind of desk needs to be told before it can be asked: its options, its keys, and the words it uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from bridge.desks import connecting
from bridge.desks.connectors import django_helpdesk, roundup, rt
from bridge.desks.contract import DeskStatus
from bridge.desks.declarative.description import Description

ACCOUNT = _l("Name of our account there")
REF_FIELD = _l("Field that carries our reference")
URL_FIELD = _l("Field for the thread's address")
CLASS_FIELD = _l("Field for the class")
PUSH = _l("Secret that signs pushes")
PASSWORD = _l("Password of our account")
QUEUE = _l("Queue")


@dataclass(frozen=True)
class Asked:
    """One thing that an administrator enters. `needed` ones may not stay empty; empty `open` ones mean that there is
    nothing of the kind there, and other empty ones what is `usual`. `mail` ones are mail addresses.
    """

    name: str
    label: object
    needed: bool = False
    usual: str = ""
    open: bool = False
    mail: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of desk, asked on the `web` or not. `words` is what its own words for a status mean unless an
    administrator says otherwise.
    """

    key: str
    name: str
    options: tuple[Asked, ...] = ()
    secrets: tuple[Asked, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    web: bool = True

    @property
    def label(self) -> str:
        """Its name, and its file where a file describes it: a program may be known both ways."""
        if not self.key.startswith(connecting.FILE):
            return self.name
        return f"{self.name}, {self.key.removeprefix(connecting.FILE)}.toml"


KNOWN: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "rt",
            "Request Tracker 5",
            (
                Asked("queue", QUEUE, needed=True),
                Asked("ref_field", REF_FIELD, usual="ExternalRef"),
                Asked("url_field", URL_FIELD, usual="ThreadURL", open=True),
                Asked("class_field", CLASS_FIELD, usual="QueryType", open=True),
                Asked("account", ACCOUNT),
            ),
            (Asked("token", _l("Token of our account")), Asked("password", PASSWORD), Asked("push", PUSH)),
            rt.STATUSES,
        ),
        Kind(
            "roundup",
            "Roundup",
            (
                Asked("account", ACCOUNT, needed=True),
                Asked("public", _l("Public messages: a property of messages, or “all”"), needed=True),
                Asked("ref_property", REF_FIELD, usual="external_ref"),
                Asked("url_property", URL_FIELD, usual="thread_url", open=True),
                Asked("class_property", CLASS_FIELD, usual="query_type", open=True),
                Asked("priorities", _l("Five priorities, the highest first"), usual=roundup.PRIORITIES),
            ),
            (Asked("password", PASSWORD, needed=True), Asked("push", PUSH)),
            roundup.STATUSES,
        ),
        Kind(
            "django_helpdesk",
            "django-helpdesk",
            (
                Asked("queue", _l("Number of the queue"), needed=True, usual="1"),
                Asked("account", ACCOUNT, needed=True),
                Asked("user", _l("Number of our account there")),
                Asked("ref_field", REF_FIELD, usual="external_ref"),
                Asked("url_field", URL_FIELD, usual="thread_url", open=True),
                Asked("class_field", CLASS_FIELD, usual="query_type", open=True),
                Asked("search_depth", _l("How many tickets back a reference is looked for"), usual="1000"),
            ),
            (Asked("password", PASSWORD, needed=True),),
            django_helpdesk.STATUSES,
        ),
        Kind(
            "mail",
            "E-mail",
            (
                Asked("address", _l("The desk's mail address"), needed=True, mail=True),
                Asked("ticket_system", _l("1 where a program answers there and marks its answers as automatic")),
            ),
            web=False,
        ),
    )
}


def installed() -> list[Kind]:
    """The kinds of desks that can be connected here, by name."""
    return sorted((kind_of(key) for key in connecting.KINDS), key=lambda kind: kind.label.lower())


def kind_of(key: str) -> Kind:
    """A kind by its key: of our own connectors, of a desk file, or one that only takes a token."""
    if key in KNOWN:
        return KNOWN[key]
    described = connecting.DESCRIPTIONS.get(key.removeprefix(connecting.FILE))
    if described is not None:
        return described_kind(key, described)
    return Kind(key, key, (), (Asked("token", _l("Token of our account")), Asked("push", PUSH)))


def described_kind(key: str, described: Description) -> Kind:
    """A kind whose desk file says what is needed."""
    asked = (
        Asked(name, told["ask"], "default" not in told, told.get("default", ""))
        for name, told in described.options.items()
    )
    secrets = (Asked(name, label, name != "push") for name, label in described.secrets.items())
    read = described.part("status").get("read", {})
    words = {str(word): str(ours) for word, ours in read.items() if ours in set(DeskStatus)}
    return Kind(key, described.name, tuple(asked), tuple(secrets), words)
