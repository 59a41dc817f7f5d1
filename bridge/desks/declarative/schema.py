"""Every key that a desk file may have: what it holds, whether it must be there, and which names its templates may use.

The guide for administrators has the same keys in its table; a test keeps the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bridge.desks.contract import DeskStatus

TEXT, NUMBER, YES_NO = "text", "a number", "true or false"
TEMPLATE, PATH, CONDITION = "a template", "a path", "a condition"
CODES, NAMES, TEMPLATES, ANYTHING, PATHS, TEXTS = "a list of numbers", "a list", "templates", "any", "paths", "texts"
STATUSES = tuple(status.value for status in DeskStatus)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORMS = ("plain", "markdown", "html")

QUERY_NAMES = frozenset(
    [
        *("ref", "title", "text", "class", "impact", "urgency", "priority"),
        *("requester_name", "requester_address", "thread_url", "people", "tags"),
    ]
)

FILE_NAMES = frozenset({"file_name", "file_type", "file_base64"})


@dataclass(frozen=True)
class Key:
    """One key: the kind of its value, the values it may have, and whether the section is useless without it."""

    kind: str
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """The keys of a section.

    `request` says whether it asks the desk something, `steps` whether it may do so in several steps, `given` which
    names have a value in its templates, `needed` whether a file without it is of no use, `secret` whether its
    templates may hold secrets.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    request: bool = False
    steps: bool = False
    given: frozenset[str] = frozenset()
    needed: bool = False
    secret: bool = False
    pages: bool = False


REQUEST: Mapping[str, Key] = MappingProxyType(
    {
        "method": Key(TEXT, choices=METHODS),
        "path": Key(TEMPLATE, needed=True),
        "query": Key(TEMPLATES),
        "headers": Key(TEMPLATES),
        "json": Key(ANYTHING),
        "form": Key(ANYTHING),
        "multipart": Key(ANYTHING),
        "each_file": Key(YES_NO),
        "take": Key(PATHS),
        "take_header": Key(TEXTS),
        "must": Key(CONDITION),
        "for": Key(NAMES, choices=STATUSES),
    }
)
PAGING: Mapping[str, Key] = MappingProxyType(
    {
        "kind": Key(TEXT, needed=True, choices=("page", "offset", "next", "cursor")),
        "parameter": Key(TEXT),
        "first": Key(NUMBER),
        "size_parameter": Key(TEXT),
        "size": Key(NUMBER),
        "next": Key(PATH),
        "most": Key(NUMBER),
    }
)
STATUS_RULE: Mapping[str, Key] = MappingProxyType(
    {"when": Key(CONDITION, needed=True), "is": Key(TEXT, needed=True, choices=STATUSES), "word": Key(TEXT)}
)
CHANGES: Mapping[str, Key] = MappingProxyType(
    {
        "items": Key(PATH, needed=True),
        "id": Key(PATH, needed=True),
        "at": Key(PATH),
        "sequence": Key(PATH),
        "overlap": Key(NUMBER),
        "newest_first": Key(YES_NO),
        "reversed": Key(YES_NO),
    }
)
OPTION: Mapping[str, Key] = MappingProxyType({"ask": Key(TEXT, needed=True), "default": Key(TEXT)})
TOP: Mapping[str, Key] = MappingProxyType({"format": Key(NUMBER, needed=True), "name": Key(TEXT, needed=True)})
# Sections whose keys are names that the file itself chooses.
FREE: Mapping[str, str] = MappingProxyType({"secrets": TEXT, "headers": TEMPLATE})

SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        "desk": Section(
            {
                "base": Key(TEXT),
                "text": Key(TEXT, choices=FORMS),
                "comment_limit": Key(NUMBER),
                "title_limit": Key(NUMBER),
            }
        ),
        "auth": Section(
            {
                "kind": Key(TEXT, needed=True, choices=("header", "basic", "login")),
                "header": Key(TEXT),
                "value": Key(TEMPLATE),
                "user": Key(TEMPLATE),
                "password": Key(TEMPLATE),
            },
            needed=True,
            secret=True,
        ),
        "auth.login": Section(request=True, secret=True),
        "times": Section({"format": Key(TEXT), "zone": Key(TEMPLATE), "ask": Key(TEXT)}),
        "answers": Section(
            {
                "must": Key(CONDITION),
                "error": Key(PATH),
                "key": Key(CODES),
                "missing": Key(CODES),
                "busy": Key(CODES),
                "conflict": Key(CODES),
                "key_when": Key(CONDITION),
                "missing_when": Key(CONDITION),
                "busy_when": Key(CONDITION),
                "wait": Key(NUMBER),
                "wait_header": Key(TEXT),
            }
        ),
        "health": Section(
            {"account": Key(PATH), "account_is": Key(TEMPLATE), "version": Key(PATH)}, request=True, needed=True
        ),
        "create": Section(request=True, steps=True, given=QUERY_NAMES, needed=True),
        "find": Section(
            {
                "items": Key(PATH, needed=True),
                "id": Key(PATH, needed=True),
                "ref": Key(PATH),
                "newest_first": Key(YES_NO),
                "reversed": Key(YES_NO),
            },
            request=True,
            given=frozenset({"ref"}),
            needed=True,
            pages=True,
        ),
        "ticket": Section(
            {
                "item": Key(PATH),
                "number": Key(PATH),
                "url": Key(TEMPLATE),
                "status": Key(PATH, needed=True),
                "updated": Key(PATH),
                "sequence": Key(PATH),
                "assignee": Key(PATH),
                "priority": Key(PATH),
                "ref": Key(PATH, needed=True),
                "ref_between": Key(NAMES),
            },
            request=True,
            given=frozenset({"id"}),
            needed=True,
        ),
        "comments": Section(
            {
                "needs": Key(TEXT),
                "items": Key(PATH, needed=True),
                "id": Key(PATH, needed=True),
                "at": Key(PATH, needed=True),
                "author": Key(PATH),
                "text": Key(PATH, needed=True),
                "public": Key(CONDITION, needed=True),
                "own": Key(CONDITION),
                "markup": Key(TEXT, choices=FORMS),
                "newest_first": Key(YES_NO),
                "opening": Key(YES_NO),
            },
            request=True,
            given=frozenset({"id", "account", "number"}),
            needed=True,
            pages=True,
        ),
        "reply": Section(request=True, steps=True, given=frozenset({"id", "key", "text", "files"}), needed=True),
        "note": Section({"seen": Key(YES_NO)}, request=True, steps=True, given=frozenset({"id", "key", "text"})),
        "files": Section(
            {
                "items": Key(PATH, needed=True),
                "id": Key(PATH, needed=True),
                "name": Key(PATH, needed=True),
                "type": Key(PATH),
                "size": Key(PATH),
                "address": Key(PATH),
                "limit": Key(NUMBER),
                "each": Key(ANYTHING),
            },
            given=FILE_NAMES,
        ),
        "files.reply": Section(
            request=True, steps=True, given=frozenset({"id", "key", "text", "files", "file"}) | FILE_NAMES
        ),
        "files.fetch": Section(
            {"content": Key(PATH)}, request=True, given=frozenset({"id", "file_id", "file_address"})
        ),
        "priority": Section(
            {"value": Key(TEMPLATE, needed=True)}, request=True, steps=True, given=frozenset({"id", "priority"})
        ),
        "status": Section(
            {"otherwise": Key(TEXT, needed=True, choices=STATUSES)},
            request=True,
            steps=True,
            given=frozenset({"id", "status", "wanted", "now"}),
            needed=True,
        ),
        "changes": Section(
            CHANGES,
            request=True,
            given=frozenset({"since"}),
            needed=True,
            pages=True,
        ),
        "push": Section(
            {
                "secret": Key(TEXT, needed=True),
                "header": Key(TEXT, needed=True),
                "algorithm": Key(TEXT, choices=("sha256", "sha1", "sha512")),
                "encoding": Key(TEXT, choices=("hex", "base64")),
                "prefix": Key(TEXT),
                "signed": Key(TEMPLATE),
                "timestamp_header": Key(TEXT),
                "window": Key(NUMBER),
                "ids": Key(PATH, needed=True),
                "numbers": Key(YES_NO),
            },
            given=frozenset({"timestamp", "body"}),
        ),
    }
)
