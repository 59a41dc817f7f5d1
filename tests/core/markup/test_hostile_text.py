"""What a hostile author can and cannot do to the renderer and to the reader."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from community.core.markup import TIME_LIMIT, Renderer, render, sanitise
from tests.core.markup.hostile import GENERATORS
from tests.core.markup.payloads import ALL, RAW

FORBIDDEN = {
    "script",
    "style",
    "form",
    "iframe",
    "object",
    "embed",
    "input",
    "svg",
    "math",
    "base",
    "meta",
    "link",
}
ADDRESSES = {"href", "src", "action", "formaction", "background", "srcdoc", "data"}


@pytest.fixture(scope="module")
def hasty() -> Iterator[Renderer]:
    renderer = Renderer(time_limit=0.4)
    yield renderer
    renderer.close()


@pytest.mark.parametrize("size", [3_000, 30_000])
@pytest.mark.parametrize("name", GENERATORS)
def test_every_text_ends_and_the_next_one_is_rendered(hasty: Renderer, name: str, size: int) -> None:
    text = GENERATORS[name](size)
    rendered = hasty.render(text)
    if rendered.timed_out:
        assert rendered.html.startswith('<pre class="plain">')
        assert rendered.plain == text
    assert hasty.render("**next**").html == "<p><strong>next</strong></p>"


def test_thirty_thousand_brackets_run_out_of_the_ordinary_time() -> None:
    rendered = render("[" * 30_000)
    assert (rendered.timed_out, rendered.plain) == (True, "[" * 30_000)
    assert TIME_LIMIT == 2.0
    assert not render("**next**").timed_out


def test_a_text_beyond_the_limit_is_not_even_tried() -> None:
    rendered = render("a <b>\n" * 40_000)
    assert rendered.timed_out
    assert "<b>" not in rendered.html


def problems(html: str) -> Iterator[str]:
    tree: Element = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield "comment"
            continue
        if element.tag.rpartition("}")[2].lower() in FORBIDDEN:
            yield element.tag
        for name, value in element.attrib.items():
            if name.startswith("on") or name in {"style", "id", "name"}:
                yield f"{name}={value}"
            if name in ADDRESSES and not is_fine(element.tag, value):
                yield f"{name}={value}"


def is_fine(tag: str, value: str) -> bool:
    if tag == "img":
        return value.startswith("/files/") and ".." not in value
    flat = "".join(value.split())
    if flat.startswith("/"):
        return flat[1:2] not in {"/", "\\"}
    return flat.lower().startswith(("http://", "https://", "mailto:", "#"))


@pytest.mark.parametrize("payload", ALL)
def test_nothing_active_survives_rendering(payload: str) -> None:
    rendered = render(payload)
    assert list(problems(rendered.html)) == []
    assert not rendered.timed_out


@pytest.mark.parametrize("payload", ALL)
def test_nothing_active_survives_in_the_middle_of_a_text(payload: str) -> None:
    assert list(problems(render(f"Hello *you*\n\n- {payload}\n\nBye").html)) == []


@pytest.mark.parametrize("payload", RAW)
def test_nothing_active_survives_sanitising(payload: str) -> None:
    assert list(problems(sanitise(payload))) == []
    assert list(problems(sanitise(f"<table><tr><td>{payload}<p>"))) == []


@pytest.mark.parametrize(
    "payload", ["<script>", "<b onclick=x>", "<a href=javascript:x>", "<b style=x>", "<img src=//x>"]
)
def test_the_judge_sees_what_is_active(payload: str) -> None:
    assert list(problems(payload))


@pytest.mark.parametrize("step", ["<div>", "<div></x>", "<b><i>", "<table><td></div>", "<DIV >", "<ul><li>"])
def test_html_nested_beyond_reason_is_shown_as_text(step: str) -> None:
    assert sanitise(step * 30_000).startswith("&lt;")


@pytest.mark.parametrize("step", ["<p>a", "<div>a</div>", "<br>", "<ul><li>a<li>b</ul>", "<b>a</b><i>b</i>"])
def test_long_html_is_not_taken_for_nested(step: str) -> None:
    assert sanitise(step * 2_000).startswith("<")


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(ALL) >= 120
    assert len(GENERATORS) >= 32


@pytest.mark.parametrize(
    "text",
    [
        '--8<-- "/etc/passwd"',
        "--8<--\n/etc/passwd\n--8<--",
        '-8<- "/etc/hostname"',
        '<img src="../x">',
        "![x](../x.png)",
        '```\n--8<-- "/etc/passwd"\n```',
    ],
)
def test_no_file_of_the_server_is_read(text: str) -> None:
    html = render(text).html
    assert "root:" not in html
    assert "data:" not in html
    assert "<img" not in html
    assert "8&lt;" in html or "x" in html
