"""What in a page, a letter or a feed could run in a reader's browser."""

import json
import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib

from community.core.markup import clean_text
from tests.core.markup.payloads import ALL

PAYLOADS = (ALL + [f"{text} {n}" for n, text in enumerate(ALL)])[:200]
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"}
BAD_SCHEME = re.compile(r"^[\x00-\x20]*(javascript|vbscript|data)[\x00-\x20]*:", re.IGNORECASE)
ATOM = "{http://www.w3.org/2005/Atom}"


def line_of(payload: str, longest: int = 160) -> str:
    """What forms leave of a payload in a field of one line."""
    return " ".join(clean_text(payload).split())[:longest].strip() or "empty"


def faults_of(html: str) -> list[str]:
    """Whatever in a page could run."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [fault for element in tree.iter() if isinstance(element.tag, str) for fault in _faults(element)]


def _faults(element: Element) -> list[str]:
    found = []
    name = str(element.tag).rpartition("}")[2]
    if name == "script" and not _is_harmless(element):
        found.append("a script")
    if name in {"iframe", "object", "embed", "base", "applet"}:
        found.append(name)
    for key, value in element.attrib.items():
        attribute = str(key).rpartition("}")[2].lower()
        if attribute.startswith("on") or attribute in {"style", "srcdoc"}:
            found.append(f"{name} {attribute}")
        if attribute in ADDRESSES and BAD_SCHEME.match(value):
            found.append(f"{name} {attribute}={value[:40]}")
    return found


def _is_harmless(script: Element) -> bool:
    """Our own, or data that no browser runs, with nothing in it that could end it."""
    if script.get("type") == "application/ld+json":
        ends = set(script.text or "") & {"<", ">", "&"}
        return not script.get("src") and not ends and bool(json.loads(script.text or ""))
    return (script.get("src") or "").startswith("/assets/")


def faults_of_feed(xml: str) -> list[str]:
    """Whatever in a feed could run in a reader that shows its texts as HTML, and elements that are not Atom's."""
    found = []
    for element in ElementTree.fromstring(xml).iter():
        if not element.tag.startswith(ATOM):
            found.append(element.tag)
        if element.get("type", "text") != "text":
            found += faults_of(element.text or "")
        found += [value for key, value in element.attrib.items() if key == "href" and BAD_SCHEME.match(value)]
    return found
