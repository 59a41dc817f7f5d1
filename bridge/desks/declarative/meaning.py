"""What is wrong with a desk file whose shape is right: names without values, maps with gaps, parts that do not fit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from bridge.triage.classes import QueryClass

from . import times
from .lines import Key as Way
from .paths import OPTION, OPTION_IN_NAME, read_condition
from .schema import ANYTHING, CONDITION, FILE_NAMES, SECTIONS, TEMPLATE, Section
from .templates import FILTERS, read_template, texts

Found = Callable[[Way, str], Any]
SCALES: Mapping[str, tuple[str, ...]] = {
    "class": tuple(kind.value for kind in QueryClass),
    "impact": ("1", "2", "3"),
    "urgency": ("1", "2", "3"),
    "priority": ("1", "2", "3", "4", "5"),
}
_PATHS_IN_ANSWERS = ("json", "form", "multipart", "query", "headers", "path")


@dataclass(frozen=True)
class _File:
    """A desk file while it is looked at."""

    data: Mapping[str, Any]
    found: Found
    always: frozenset[str] = field(default_factory=frozenset)

    def part(self, name: str) -> Any:
        value: Any = self.data
        for one in name.split("."):
            value = value.get(one, {}) if isinstance(value, Mapping) else {}
        return value


def meaning(data: Mapping[str, Any], found: Found) -> Iterator[Any]:
    """What is wrong; `found` makes a finding of the key and the words."""
    options = {f"option.{name}" for name in data.get("options", {})}
    session = {"session"} if data["auth"]["kind"] == "login" else set()
    file = _File(data, found, frozenset({"url", "origin"} | options | session))
    for name, section in SECTIONS.items():
        if name != "changes":
            yield from _names(file, name, section)
    yield from _unknown_names(file, ("headers",), data.get("headers", {}), file.always | _secrets(file))
    for rule in (_auth, _times, _health, _create, _comments, _files, _priority, _status, _changes, _push, _paging):
        yield from rule(file)


def _secrets(file: _File) -> frozenset[str]:
    return frozenset(f"secret.{name}" for name in file.data.get("secrets", {}))


def _names(file: _File, name: str, section: Section) -> Iterator[Any]:
    """Templates and conditions of a part, and the names in them."""
    part = file.part(name)
    known = file.always | section.given | (_secrets(file) if section.secret else frozenset())
    if name in ("comments", "ticket"):
        known |= frozenset(file.part("ticket").get("take", {}))
    steps = part.get("steps") if section.steps else None
    way = tuple(name.split("."))
    for place, step in enumerate(steps or []):
        yield from _unknown_names(file, (*way, "steps", place), step, known)
        known |= frozenset({**step.get("take", {}), **step.get("take_header", {})})
    own = {
        key: value
        for key, value in part.items()
        if key not in ("steps", "checks", "login", "read", "write", "from", "rules", "reply", "fetch")
    }
    if name == "ticket":
        known |= {"number"}
    yield from _unknown_names(file, way, own, known)
    for place, step in enumerate(part.get("checks", [])):
        yield from _unknown_names(file, (*way, "checks", place), step, known)
    yield from _options_in_paths(file, way, part)


def _options_in_paths(file: _File, way: Way, part: Any) -> Iterator[Any]:
    """Options may stand in paths too, where no other name may."""
    for key, value in part.items() if isinstance(part, Mapping) else ():
        for name in OPTION.findall(value) if isinstance(value, str) and _is_plain(way, key) else ():
            if f"option.{name}" not in file.always:
                yield file.found((*way, key), f"{{option.{name}}} has no value here: write [options.{name}]")


def _unknown_names(file: _File, way: Way, part: Mapping[str, Any], known: frozenset[str]) -> Iterator[Any]:
    for key, value in part.items():
        if _is_plain(way, key):
            continue
        if key in ("must", "public", "own", "when") or key.endswith("_when"):
            used: list[tuple[str, tuple[str, ...]]] = [
                (name, ()) for name in read_condition(OPTION_IN_NAME.sub("x", value)).names
            ]
        else:
            used = [(slot.name, slot.filters) for text in texts(value) for slot in read_template(text).slots]
        for name, filters in used:
            yield from _one_name(file, (*way, key), name, filters, known)


def _is_plain(way: Way, key: str) -> bool:
    """Whether a key holds no template: paths may have braces of their own."""
    section = SECTIONS.get(".".join(str(part) for part in way if not isinstance(part, int)).removesuffix(".steps"))
    if key in ("take", "take_header", "for", "paging", "now", "next"):
        return True
    return section is not None and key in section.keys and section.keys[key].kind not in (TEMPLATE, CONDITION, ANYTHING)


def _one_name(file: _File, way: Way, name: str, filters: tuple[str, ...], known: frozenset[str]) -> Iterator[Any]:
    if name not in known:
        if name.startswith("secret."):
            words = "secrets stand only in [auth] and [headers], and are named in [secrets]"
        else:
            near = get_close_matches(name, sorted(known), 1, 0.6)
            words = f"did you mean {{{near[0]}}}?" if near else f"there are {_listed(known)}"
        yield file.found(way, f"{{{name}}} has no value here: {words}")
    maps = {**file.data.get("escapes", {}), **file.data.get("values", {})}
    scaled = file.data.get("values", {})
    for one in filters:
        if one not in maps and one not in FILTERS:
            near = get_close_matches(one, [*maps, *FILTERS], 1, 0.6)
            words = f"did you mean “{near[0]}”?" if near else f"write a part [values.{one}]"
            yield file.found(way, f"there is no map “{one}” for {{{name}}}: {words}")
        elif one in scaled and "otherwise" not in scaled[one]:
            lacking = [value for value in SCALES.get(name, ()) if value not in scaled[one]]
            if lacking:
                words = f"add {', '.join(lacking)}, or “otherwise”"
                yield file.found(("values", one), f"values.{one} does not know every {name}: {words}")


def _listed(known: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(known))


def _auth(file: _File) -> Iterator[Any]:
    auth = file.data["auth"]
    wanted = {"header": ("header", "value"), "basic": ("user", "password"), "login": ("header", "value", "login")}
    for key in wanted[auth["kind"]]:
        if key == "login" and "login" not in auth:
            yield file.found(("auth",), "the part [auth.login] is missing: the request that gives the session")
        elif key not in auth and not (auth["kind"] == "login" and key in ("header", "value")):
            yield file.found(("auth",), f'auth.{key} is missing: kind = "{auth["kind"]}" needs it')
    if "login" in auth and "session" not in {**auth["login"].get("take", {}), **auth["login"].get("take_header", {})}:
        yield file.found(("auth", "login"), 'the login must give a session: write take = { session = "…" }')


def _times(file: _File) -> Iterator[Any]:
    part = file.part("times")
    zone, form = part.get("zone", ""), part.get("format", times.ISO)
    if zone and not read_template(zone).slots and not times.is_zone(zone):
        yield file.found(("times", "zone"), f'“{zone}” is no time zone: write a name such as "Europe/Berlin" or "UTC"')
    if form not in (times.ISO, times.EPOCH, times.EPOCH_MS):
        if "%" not in form:
            words = 'write "iso", "epoch", "epoch_ms" or a pattern such as "%Y-%m-%d %H:%M:%S"'
            yield file.found(("times", "format"), f"“{form}” is no form of a time: {words}")
        elif "%z" not in form and not zone:
            yield file.found(("times",), f'“{form}” says no zone: write zone = "…", the one that the desk lives in')


def _health(file: _File) -> Iterator[Any]:
    part = file.data["health"]
    if ("account" in part) == ("account_is" in part):
        words = 'write account = "…", the path to our name in the answer, or account_is where the desk does not tell it'
        yield file.found(("health",), f"who we are must be seen in one way: {words}")


def _create(file: _File) -> Iterator[Any]:
    part = file.data["create"]
    steps = part.get("steps", [part])
    if not any("id" in {**step.get("take", {}), **step.get("take_header", {})} for step in steps):
        yield file.found(("create",), 'no step of [create] says what the new id is: write take = { id = "…" }')
    if not any("ref" in _used(step) for step in steps):
        words = "put {ref} into a field"
        yield file.found(("create",), f"our reference is not sent, so nothing could be found again: {words}")
    reply = file.data["reply"]
    if not any("text" in _used(step) for step in reply.get("steps", [reply])):
        yield file.found(("reply",), "the words are not sent: put {text} into a field")
    between = file.data["ticket"].get("ref_between", ["", ""])
    if len(between) != 2:
        yield file.found(("ticket", "ref_between"), 'ref_between has two texts, such as ["[", "]"]')


def _used(step: Mapping[str, Any]) -> set[str]:
    return _used_in(step, *_PATHS_IN_ANSWERS)


def _used_in(step: Mapping[str, Any], *keys: str) -> set[str]:
    given = [step[key] for key in keys if key in step]
    return {slot.name for text in texts(given) for slot in read_template(text).slots}


def _comments(file: _File) -> Iterator[Any]:
    part = file.data["comments"]
    if any(test.negated for test in read_condition(OPTION_IN_NAME.sub("x", part["public"])).tests):
        words = "say what a public one has, not what it lacks; an entry without the field would slip through"
        yield file.found(("comments", "public"), f"comments.public may not use “not” or “!=”: {words}")
    if "needs" in part and part["needs"] not in file.part("ticket").get("take", {}):
        words = f'write [ticket] take = {{ {part["needs"]} = "…" }}'
        yield file.found(("comments", "needs"), f"“{part['needs']}” is not taken from the ticket: {words}")


def _files(file: _File) -> Iterator[Any]:
    part, reply = file.part("files"), file.part("files.reply")
    if not part:
        return
    if "fetch" not in part:
        yield file.found(("files",), "the part [files.fetch] is missing: the request that gives what is in a file")
    way: Way = ("files", "reply") if reply else ("reply",)
    sending = reply or file.data["reply"]
    steps = sending.get("steps", [sending])
    used = [name for step in steps for name in _used(step)]
    if not {"files", "file", "file_base64"} & set(used):
        yield file.found(way, f"the files are not sent: put {{files}} into [{'.'.join(map(str, way))}]")
    if "files" in used and "each" not in part and any("files" in _used_in(step, "json", "form") for step in steps):
        words = 'write each = { name = "{file_name}", data = "{file_base64}" } in [files], or send multipart'
        yield file.found(way, f"{{files}} says nothing in JSON: {words}")
    for place, step in enumerate(steps):
        alone = sorted(_used(step) & {"file", *FILE_NAMES})
        if alone and not step.get("each_file"):
            at = (*way, "steps", place) if "steps" in sending else way
            yield file.found(at, f"{{{alone[0]}}} is one file: write each_file = true, so that it is done for each")


def _priority(file: _File) -> Iterator[Any]:
    if file.part("priority") and "priority" not in file.data["ticket"]:
        words = 'write priority = "…", the path to the desk\'s word for it'
        yield file.found(("ticket",), f"the priority could not be read back: {words}")


def _status(file: _File) -> Iterator[Any]:
    part = file.data["status"]
    write, read, rules = part.get("write", {}), part["read"], part.get("rules", [])
    reached = set(read.values()) | {rule["is"] for rule in rules} | {part["otherwise"]}
    if "resolved" not in reached:
        words = "no query would ever be seen as solved; name the desk's word for it"
        yield file.found(("status", "read"), f"[status.read] has nothing for “resolved”: {words}")
    for status in write:
        if status not in reached:
            words = "what is written could not be read back"
            yield file.found(("status", "write", status), f"[status.read] has nothing for “{status}”: {words}")
    for place, rule in enumerate(rules):
        for name in read_condition(OPTION_IN_NAME.sub("x", rule["when"])).names - file.always:
            yield file.found(("status", "rules", place, "when"), f"{{{name}}} has no value here")


def _lists(file: _File) -> list[tuple[Way, Mapping[str, Any]]]:
    part = file.data["changes"]
    if "lists" not in part:
        return [(("changes",), part)]
    return [(("changes", "lists", place), one) for place, one in enumerate(part["lists"])]


def _changes(file: _File) -> Iterator[Any]:
    for way, part in _lists(file):
        yield from _names_of_list(file, way, part)
        if "at" in part and "sequence" in part:
            words = 'write at = "…" (a time) or sequence = "…" (a number that only grows), or none to compare the list'
            yield file.found(way, f"what changes are counted by must be clear: {words}")
        sent = {slot.name for text in texts([part.get(key) for key in _PATHS_IN_ANSWERS]) for slot in _slots(text)}
        if ("at" in part or "sequence" in part) and "since" not in sent and not part.get("newest_first"):
            words = "put {since} into the query, or say newest_first = true where the desk can only list"
            yield file.found(way, f"every change there ever was would be read each time: {words}")
        now = part.get("now")
        if now is not None and "since" not in {**now.get("take", {}), **now.get("take_header", {})}:
            yield file.found((*way, "now"), 'the newest number is not taken: write take = { since = "…" }')


def _names_of_list(file: _File, way: Way, part: Mapping[str, Any]) -> Iterator[Any]:
    yield from _unknown_names(file, way, part, file.always | {"since"})
    yield from _unknown_names(file, (*way, "now"), part.get("now", {}), file.always)


def _slots(text: str) -> tuple[Any, ...]:
    return read_template(text).slots


def _push(file: _File) -> Iterator[Any]:
    part = file.part("push")
    if part and part["secret"] not in file.data.get("secrets", {}):
        words = f'write [secrets] {part["secret"]} = "what it is"'
        yield file.found(("push", "secret"), f"“{part['secret']}” is not named in [secrets]: {words}")
    signed = part.get("signed", "{body}")
    if "body" not in {slot.name for slot in _slots(signed)}:
        yield file.found(("push", "signed"), "a signature that leaves out {body} proves nothing: put {body} into it")
    if ("timestamp" in {slot.name for slot in _slots(signed)} or "window" in part) and "timestamp_header" not in part:
        yield file.found(("push",), "push.timestamp_header is missing: the header that {timestamp} comes from")


def _paging(file: _File) -> Iterator[Any]:
    wanted = {
        "page": ("parameter",),
        "offset": ("parameter", "size"),
        "next": ("next",),
        "cursor": ("parameter", "next"),
    }
    lists = [(("find",), file.part("find")), (("comments",), file.part("comments")), *_lists(file)]
    for way, part in lists:
        paging = part.get("paging", {})
        for key in wanted[paging["kind"]] if paging else ():
            if key not in paging:
                words = f'kind = "{paging["kind"]}" needs it'
                yield file.found((*way, "paging"), f"{way[0]}.paging.{key} is missing: {words}")
