"""Lists within lists as people type them, and notes at the foot of a text."""

import re

import html5lib
import pytest

from community.core.markup import render, sanitise

FLAT = re.compile(r"\s*\n\s*")


def shape(text: str) -> str:
    return FLAT.sub("", render(text).html)


NESTED = "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- a\n  - b\n    - c\n- d", NESTED),
        ("- a\n    - b\n        - c\n- d", NESTED),
        ("- a\n\t- b\n\t\t- c\n- d", NESTED),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("- a\n  1. b\n  2. c\n- d", "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>"),
        ("- a\n  - b\n  - c\n\nAfter", "<ul><li>a<ul><li>b</li><li>c</li></ul></li></ul><p>After</p>"),
        ("- a\n\n  more\n\n- b", "<ul><li><p>a</p><p>more</p></li><li><p>b</p></li></ul>"),
        ("- a\n  - b\n    goes on\n- c", "<ul><li>a<ul><li>b<br>goes on</li></ul></li><li>c</li></ul>"),
        ("See:\n- a\n  - b", "<p>See:</p><ul><li>a<ul><li>b</li></ul></li></ul>"),
        (" - a\n - b", "<ul><li>a</li><li>b</li></ul>"),
        ("- - -", "<hr>"),
    ],
)
def test_lists_within_lists(text: str, html: str) -> None:
    assert shape(text) == html


@pytest.mark.parametrize("wide", [2, 4])
def test_code_in_an_item_stays_code(wide: int) -> None:
    blank = " " * wide
    html = render(f"- a\n\n{blank}```\n{blank}x = 1\n{blank}  y\n{blank}```\n\n- b").html
    assert html.count("<li>") == 2 and "highlight" in html and html.index("highlight") < html.rindex("<li>")
    assert "<code>" in render("    - a\n      - b").html and "<ul>" not in render("    - a\n      - b").html


def test_tasks_within_tasks() -> None:
    assert render("- [ ] a\n  - [x] b").html.count('class="task"') == 2


def test_notes_lead_there_and_back() -> None:
    tree = html5lib.parse(render("It waits[^why]. And[^2] so.\n\n[^why]: Because.\n[^2]: It *does*.").html)
    names = {element.get("id") for element in tree.iter() if element.get("id")}
    targets = {str(element.get("href"))[1:] for element in tree.iter() if element.get("href")}
    assert len(names) == 4 and names == targets
    assert all(re.fullmatch(r"(note|from)-[0-9a-f]{10}-[12]", str(name)) for name in names)


def test_notes_of_two_texts_are_apart_and_the_same_text_comes_out_the_same() -> None:
    first, second = "One[^1]\n\n[^1]: Note", "Two[^1]\n\n[^1]: Note"
    ids = [set(re.findall(r' id="([^"]+)"', render(text).html)) for text in (first, second, first)]
    assert ids[0] == ids[2] and not ids[0] & ids[1] and all(ids)


def test_a_note_named_twice_has_two_ways_back() -> None:
    html = render("One[^a] and two[^a]\n\n[^a]: Note").html
    assert html.count("↩") == 2 and len(set(re.findall(r' id="([^"]+)"', html))) == 3


def test_notes_are_words_of_the_text() -> None:
    assert render("The cable[^1]\n\n[^1]: Blue").plain.split() == ["The", "cable", "1", "Blue"]


@pytest.mark.parametrize(
    "text",
    [
        '[^" onclick=alert(1) x="]: n\n\nWord[^" onclick=alert(1) x="]',
        "Word[^<b id=x>]\n\n[^<b id=x>]: <script>alert(1)</script>",
        "Word[^1]\n\n[^1]: [x](javascript:alert(1))",
        "Word[^__proto__]\n\n[^__proto__]: n",
    ],
)
def test_what_notes_are_called_stays_out_of_the_page(text: str) -> None:
    html = render(text).html
    assert "<script" not in html and "onclick=" not in re.sub(r">[^<]*<", "><", html)
    assert all(re.fullmatch(r"(note|from)-[0-9a-f]{10}-1", name) for name in re.findall(r'\bid="([^"]*)"', html))
    assert 'href="javascript' not in html


@pytest.mark.parametrize("name", ["x", "main", "note-1", "note-0123456789-1 x", "NOTE-0123456789-1"])
def test_no_other_id_passes(name: str) -> None:
    assert " id=" not in sanitise(f'<ul><li id="{name}">a</li></ul><sup id="{name}">1</sup><p id="{name}">b</p>')
