"""Mistakes in desk files, each with its line and what to write instead."""

import pytest

from bridge.desks.declarative.checking import check
from bridge.desks.declarative.description import DeskFileError, read_description
from bridge.desks.declarative.lines import key_lines

from .conftest import guide_file

SWAPS = {
    "no TOML": ("format = 1", "format = = 1", "this is not TOML"),
    "unknown key": ("updated =", "update =", "did you mean “ticket.updated”?"),
    "unknown part": ("[find]", "[fined]", "did you mean “find”?"),
    "nothing near": ("[find]\n", "[find]\nxyzzy = 1\n", "use one of each_file, for, form"),
    "missing key": ('status = "state"\n', "", "ticket.status is missing: write status = …"),
    "wrong kind": ("format = 1", 'format = "1"', "format must be a whole number without quotes, not '1'"),
    "wrong table": ("take = { id = ", "take = { id2 = 1, id = ", "create.take must be a table of paths"),
    "wrong text": (
        'path = "/whoami"',
        "path = true",
        'health.path must be text in quotes, such as "{title}", not true',
    ),
    "wrong choice": (
        'kind = "header"',
        'kind = "haeder"',
        "“haeder” cannot stand in auth.kind: did you mean “header”?",
    ),
    "part as value": ("[reply]\n", "[reply_]\n", "the part [reply] is missing"),
    "not a table": ("[desk]\nbase", "desk = 1\n[desks]\nbase", "desk is a part of its own: write [desk] on a line"),
    "path": ('id = "id"\nref', 'id = "rows[x]"\nref', "[x] is neither [*]"),
    "path end": ('id = "id"\nref', 'id = "a b"\nref', "“b” was not expected"),
    "path sign": ('id = "id"\nref', 'id = "a/b"\nref', "“/b” cannot be read"),
    "path start": ('id = "id"\nref', 'id = "]"\nref', "a name or a value was expected"),
    "bracket": ('id = "id"\nref', 'id = "a[0"\nref', "“]” was expected instead of “the end”"),
    "bare text": ('public = "private = false"', 'public = "kind = reply"', "text stands in quotes: write 'reply'"),
    "brace": ('subject = "{title}"', 'subject = "{title"', "stands alone"),
    "name": ('subject = "{title}"', 'subject = "{titel}"', "{titel} has no value here: did you mean {title}?"),
    "far name": ('subject = "{title}"', 'subject = "{xyzzy}"', "there are {class}"),
    "name in condition": ("by.login = {account}", "by.login = {acount}", "did you mean {account}?"),
    "secret in body": ('subject = "{title}"', 'subject = "{secret.key}"', "secrets stand only in [auth] and [headers]"),
    "secret unnamed": ('value = "{secret.key}"', 'value = "{secret.kay}"', "are named in [secrets]"),
    "map": (
        "{urgency|urgency}",
        "{urgency|urgence}",
        "there is no map “urgence” for {urgency}: did you mean “urgency”?",
    ),
    "far map": ("{urgency|urgency}", "{urgency|xyzzy}", "write a part [values.xyzzy]"),
    "gap in map": ('3 = "high"\n', "", "values.urgency does not know every urgency: add 3, or “otherwise”"),
    "map as value": ("[values.urgency]\n", "[values]\nother = 1\n[values.urgency]\n", "values.other must be a table"),
    "auth": ('value = "{secret.key}"\n', "", 'auth.value is missing: kind = "header" needs it'),
    "log-in": ('kind = "header"', 'kind = "login"', "the part [auth.login] is missing"),
    "no session": ("[times]", '[auth.login]\npath = "/s"\n[times]', "the login must give a session"),
    "zone": ('zone = "{option.zone}"', 'zone = "Kathmandu"', "“Kathmandu” is no time zone"),
    "no zone": ('zone = "{option.zone}"\n', "", "says no zone"),
    "form of time": ('format = "%Y-%m-%d %H:%M:%S"', 'format = "ISO"', "“ISO” is no form of a time"),
    "two accounts": ('account = "user.login"', 'account = "user.login"\naccount_is = "x"', "seen in one way"),
    "no id": ('take = { id = "id" }', 'take = { no = "id" }', "no step of [create] says what the new id is"),
    "no reference": ('"{option.ref_field}" = "{ref}", contact', "contact", "our reference is not sent"),
    "no words": ('json = { text = "{text}", private = false }', "json = { private = false }", "the words are not sent"),
    "between": ('status = "state"\n', 'status = "state"\nref_between = ["["]\n', "ref_between has two texts"),
    "public": ('public = "private = false"', 'public = "private != true"', "may not use “not” or “!=”"),
    "not private": ('public = "private = false"', 'public = "not private"', "may not use “not” or “!=”"),
    "needs": ('public = "private', 'needs = "notes"\npublic = "private', "“notes” is not taken from the ticket"),
    "our status": ('taken = "in_progress"', 'taken = "in_progres"', "did you mean “in_progress”?"),
    "written status": ('resolved = "solved"', 'done = "solved"', "“done” is none of our statuses"),
    "nothing read": ("[status.read]", "[status.from.x]", "the part [status.read] is missing"),
    "words as value": (
        'otherwise = "in_progress"\n',
        'otherwise = "new"\nfrom = { x = 1 }\n',
        "status.from.x must be a table of words",
    ),
    "nothing resolved": ('solved = "resolved"\n', "", "[status.read] has nothing for “resolved”"),
    "not read back": ('waiting = "waiting_user"\n', "", "[status.read] has nothing for “waiting_user”"),
    "no request": ('path = "/cases/{id}/state"\n', "", "status.path is missing"),
    "rule": ('when = "merged_into"', 'when = "merged_into = {x}"', "{x} has no value here"),
    "both": ('at = "changed"', 'at = "changed"\nsequence = "revision"', "what changes are counted by must be clear"),
    "since": ('query = { changed_after = "{since}" }\n', "", "every change there ever was would be read each time"),
    "now": ("[changes]\n", '[changes]\nnow = { path = "/x" }\n', "the newest number is not taken"),
    "lists": ("[changes]\n", '[changes]\nlists = [ { path = "/x", items = "x" } ]\n', "changes.path"),
    "paging": ('parameter = "offset", size_parameter', "size_parameter", "paging.parameter is missing"),
    "paging as value": ("paging = {", "paging = 1 # {", "find.paging must be a table"),
    "steps": ("[note]\n", "[note]\nsteps = 1\n", "write each of note.steps under a line [[note.steps]]"),
    "option in path": ('number = "no"', 'number = "{option.x}"', "write [options.x]"),
    "options": ("[options.zone]", "[options]\nx = 1\n[options.zone]", "options.x must be a table"),
    "part of files": ("[files.fetch]", "[files.fecth]", "did you mean “files.fetch”?"),
    "files not fetched": (
        '[files.fetch]\npath = "/cases/{id}/files/{file_id}"\ncontent = "data"\n',
        "",
        "the part [files.fetch] is missing",
    ),
    "files not sent": (', files = "{files}" }', " }", "the files are not sent: put {files} into [files.reply]"),
    "files in JSON": ("each = {", "# each = {", "{files} says nothing in JSON: write each = {"),
    "one file": ('files = "{files}"', 'files = "{file_base64}"', "{file_base64} is one file: write each_file = true"),
    "file elsewhere": ("private = true }", 'private = true, files = "{files}" }', "{files} has no value here"),
    "name of a file": ('"{file_name}"', '"{filename}"', "{filename} has no value here: did you mean {file_name}?"),
    "priority not read": ('priority = "priority"\n', "", "the priority could not be read back: write priority ="),
    "priority without value": ('value = "{priority|priority}"\n', "", "priority.value is missing"),
    "gap in priorities": ('5 = "E"\n', "", "values.priority does not know every priority: add 5, or “otherwise”"),
    "push": (
        "[changes]\n",
        '[push]\nsecret = "p"\nheader = "X"\nids = "id"\n[changes]\n',
        "“p” is not named in [secrets]",
    ),
    "unsigned": (
        "[changes]\n",
        '[push]\nsecret = "key"\nheader = "X"\nids = "id"\nsigned = "{timestamp}"\n[changes]\n',
        "proves nothing",
    ),
    "no timestamp": (
        "[changes]\n",
        '[push]\nsecret = "key"\nheader = "X"\nids = "id"\nwindow = 5\n[changes]\n',
        "push.timestamp_header is missing",
    ),
    "escapes": ("[health]", '[escapes.wiki]\n"*" = 1\n[health]', "escapes.wiki replaces texts by texts"),
}


@pytest.mark.parametrize("mistake", SWAPS)
def test_each_mistake_has_its_words(mistake: str) -> None:
    right, wrong, words = SWAPS[mistake]
    assert right in guide_file()
    found = check(guide_file().replace(right, wrong, 1))
    assert any(words in fault.text for fault in found), found
    assert all("\n" not in fault.text for fault in found)


def test_the_line_is_that_of_the_mistake() -> None:
    text = guide_file().replace("updated =", "update =")
    (fault,) = check(text)
    assert text.splitlines()[fault.line - 1].startswith("update =")
    text = guide_file().replace("[[status.rules]]\nwhen", "[[status.rules]]\nwhne")
    assert text.splitlines()[check(text)[1].line - 1].startswith("whne")


def test_what_is_wrong_with_files_is_told_at_its_line() -> None:
    alone = '[[files.reply.steps]]\npath = "/a"\n[[files.reply.steps]]\nmultipart = { a = "{file}" }\npath = "/b"\n'
    reply = guide_file().index("[files.reply]")
    text = guide_file()[:reply] + alone + guide_file()[guide_file().index("[files.fetch]") :]
    (fault,) = check(text)
    assert "{file} is one file" in fault.text
    assert text.splitlines()[fault.line] == 'multipart = { a = "{file}" }'


def test_an_unfinished_file_is_named_at_its_end() -> None:
    text = 'format = 1\nname = """a'
    (fault,) = check(text)
    assert fault.line == 2


def test_sections_that_are_values() -> None:
    found = check('format = 1\nname = "x"\nauth = 1\nsecrets = 2\nvalues = 3\nheaders = 4\noptions = 5\n')
    assert any("auth is a part of its own: write [auth] on a line" in fault.text for fault in found)
    assert {fault.line for fault in found if "must be a table" in fault.text} == {4, 5, 6, 7}


def test_a_wrong_file_is_not_read() -> None:
    with pytest.raises(DeskFileError, match="line 1"):
        read_description("format = 1\n")


def test_lines_of_values_that_span_lines() -> None:
    text = 'a = [\n  "b",\n]\nc = """\n[d]\n"""\n[e]\nf.g = { h = "]" }\n[[i]]\n[[i]]\nj = 1\n'
    lines = key_lines(text)
    assert (lines[("c",)], lines[("e",)], lines[("e", "f", "g")], lines[("i", 1, "j")]) == (4, 7, 8, 11)
    assert ("d",) not in lines
