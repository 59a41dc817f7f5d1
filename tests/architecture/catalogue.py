"""Texts to translate, read from code and templates. `make translations` brings the catalogues up to date."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.architecture.sources import PACKAGES, ROOT
from tests.architecture.traditional import traditional_file

CATALOGUES = ROOT / "community/core/translations"
LOCALES = ("zh_Hans",)  # written by people
SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"  # the second is made from the first
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {
    "**.html": {"silent": "false", "trimmed": "true"},
    "**.txt": {"silent": "false", "trimmed": "true"},
}
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "lazy_npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
MARKUP = re.compile(r"</?[a-z]+")


def path_of(locale: str) -> Path:
    """The catalogue of a language."""
    return CATALOGUES / locale / "LC_MESSAGES" / "messages.po"


def extracted() -> Catalog:
    """Every text marked for translation, with the files that it stands in."""
    found = Catalog(project="Isthmus", version="", msgid_bugs_address="", charset="utf-8")
    for folder in (*PACKAGES, "templates"):
        for name, _line, message, comments, context in extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return found


def stored(locale: str) -> Catalog:
    """The catalogue of a language as it is kept; an empty one where there is none."""
    path = path_of(locale)
    if not path.exists():
        people = "Isthmus contributors"
        title = f"# The texts of Isthmus in {locale}."
        return Catalog(locale, header_comment=title, project="Isthmus", last_translator=people, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def faults(wanted: Catalog, kept: Catalog) -> Iterator[str]:
    """What keeps a catalogue from being complete, one line each."""
    known = {_key(message): message for message in kept if message.id}
    for message in wanted:
        translation = known.pop(_key(message), None) if message.id else message
        if translation is None:
            yield f"missing: {_shown(message)}"
        elif message.id:
            yield from _faults_of(translation)
    yield from (f"not used any more: {_shown(message)}" for message in known.values())


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def _shown(message: Message) -> str:
    return repr(_key(message)[0])[:100]


def _faults_of(message: Message) -> Iterator[str]:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    if message.fuzzy:
        yield f"fuzzy: {_shown(message)}"
    for string in strings:
        if not string:
            yield f"untranslated: {_shown(message)}"
        elif set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(source)):
            yield f"other placeholders: {_shown(message)} -> {string[:100]!r}"
        elif sorted(MARKUP.findall(string)) != sorted(MARKUP.findall(source)):
            yield f"other markup: {_shown(message)} -> {string[:100]!r}"
        elif (string[:1].isspace(), string[-1:].isspace()) != (source[:1].isspace(), source[-1:].isspace()):
            yield f"other white space at the ends: {_shown(message)}"


def update(locale: str) -> list[str]:
    """Write a catalogue anew from the sources, keeping its translations; what is still to be done."""
    wanted, kept = extracted(), stored(locale)
    kept.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, kept, width=110, include_lineno=False, ignore_obsolete=True, sort_output=True)
    return list(faults(wanted, stored(locale)))


def write_traditional() -> None:
    """Make the Traditional Chinese catalogue anew from the Simplified one."""
    path = path_of(TRADITIONAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(traditional_file(stored(SIMPLIFIED)))


def traditional_is_up_to_date() -> bool:
    """Whether the kept Traditional catalogue is what the Simplified one makes."""
    path = path_of(TRADITIONAL)
    return path.exists() and path.read_bytes() == traditional_file(stored(SIMPLIFIED))


if __name__ == "__main__":
    open_points = [f"{locale}: {fault}" for locale in LOCALES for fault in update(locale)]
    write_traditional()
    sys.stdout.write("\n".join([*open_points, f"{len(open_points)} texts need work"]) + "\n")
