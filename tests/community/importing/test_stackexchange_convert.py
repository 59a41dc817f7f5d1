import markdown
import nh3
import pytest

from community.importing.stackexchange import convert
from community.importing.stackexchange.lists import nest
from community.importing.stackexchange.wrapping import unwrap


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("<a><b>", ["a", "b"]),
        ("|a|b|", ["a", "b"]),
        ("<c#><.net><node.js><c++>", ["c#", ".net", "node.js", "c++"]),
        ("<a><a>", ["a"]),
        ("", []),
        ("a", ["a"]),
        ("<>||", []),
    ],
)
def test_tag_lists(marked: str, names: list[str]) -> None:
    assert convert.tag_names(marked) == names


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <strong>b</strong> <em>c</em></p>", "a **b** *c*"),
        ("<p>1. x</p>", "1\\. x"),
        ("<p># x</p>", "\\# x"),
        ("<p>a_b*c [x] `y`</p>", "a_b\\*c \\[x\\] \\`y\\`"),
        ("<p>&lt;b&gt; &amp;lt;</p>", "&lt;b> &amp;lt;"),
        ("<p>_a_ __b__ ~~c~~</p>", "\\_a\\_ \\_\\_b\\_\\_ \\~~c\\~~"),
        ("<p>a<br>b\nc</p>", "a  \nb c"),
        ('<p><a href="https://e.org/?a=1&amp;b=2">x</a></p>', "[x](https://e.org/?a=1&b=2)"),
        (
            '<pre class="lang-py prettyprint-override"><code>a &lt; 1\n  b\n</code></pre>',
            "```py\na < 1\n  b\n```",
        ),
        ("<pre><code>```\nx\n```</code></pre>", "````\n```\nx\n```\n````"),
        ("<p>a</p>\n\n\n<p>b</p>", "a\n\nb"),
        ("<table><tr><th>a</th></tr><tr><td>b|c</td></tr></table>", "| a |\n| --- |\n| b\\|c |"),
        ("<script>x</script><style>y</style>", ""),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html: str, expected: str) -> None:
    assert convert.markdown_of_html(html) == expected


def test_text_stays_text_and_code_stays_code_when_rendered_again() -> None:
    html = "<p>use &lt;script&gt; and *stars* &amp;amp;</p><pre><code>&lt;b&gt;```</code></pre>"
    text = convert.markdown_of_html(html)
    shown = markdown.markdown(text, extensions=["fenced_code"])
    assert "use &lt;script> and *stars* &amp;amp;" in shown or "use &lt;script&gt; and *stars* &amp;amp;" in shown
    assert "&lt;b&gt;```" in shown


@pytest.mark.parametrize(
    "html", ["<b>" * 5000 + "x", "<p>" * 90_000, "<" * 60_000, "<blockquote>" * 400, "&lt;" * 9000]
)
def test_hostile_html_is_converted_within_bounds(html: str) -> None:
    text = convert.markdown_of_html(html)
    assert "<script" not in nh3.clean(text)
    assert len(text) <= 6 * len(html)


def test_deep_html_keeps_its_words() -> None:
    assert convert.markdown_of_html("<div>" * 300 + "a&lt;*b" + "</div>" * 300).strip() == "a&lt;\\*b"


def test_the_authors_markdown_is_preferred() -> None:
    assert convert.body_markdown("*a*\r\n\r\nb", "<p>x</p>") == ("*a*\n\nb", "source")
    assert convert.body_markdown(None, "<p><b>x</b></p>") == ("**x**", "html")
    assert convert.body_markdown("  ", "<p>x</p>") == ("x", "html")
    assert convert.body_markdown("a <kbd>X</kbd>", "<p>a <kbd>X</kbd></p>") == ("a `X`", "html")
    assert convert.body_markdown("a <kbd>X</kbd>", "") == ("a <kbd>X</kbd>", "source")


def test_hints_and_tag_links_of_the_old_home_are_translated() -> None:
    source = "a [tag:bug] [meta-tag:faq]\n\n<!-- language: lang-js -->\n\n    x"
    assert convert.markdown_source(source) == "a `bug` `faq`\n\n\n    x"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a <b>x</b>", True),
        ("a<br>b", True),
        ("`<b>` x", False),
        ("```\n<b>\n```", False),
        ("~~~\n<b>\n```\n<i>\n~~~\n", False),
        ("    <b>", False),
        ("<https://e.org/a> <a@e.org>", False),
        ("a < b > c", False),
        ("`" * 20_000, False),
        ("<a " * 20_000, False),
    ],
)
def test_raw_html_is_noticed(text: str, found: bool) -> None:
    assert convert.has_raw_html(text) is found


def test_comments_start_no_block() -> None:
    assert convert.comment_markdown("# a\n> b\n- c\n1. d\n#tag *e*") == "\\# a\n\\> b\n\\- c\n1\\. d\n#tag *e*"


def test_text_is_tidied() -> None:
    assert convert.tidy("\r\na\x07\r\nb\ud800\rc\n") == "a\nb\nc"
    assert convert.one_line(" a\n b  c ", 20) == "a b c"
    assert convert.one_line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    ("name", "handle"),
    [("Zoë O'Hara", "zoe-o-hara"), ("你好", ""), ("a" * 50, "a" * 10), ("--x--", "x"), ("", "")],
)
def test_handles(name: str, handle: str) -> None:
    assert convert.handle_of(name, 10) == handle


def test_folder_names_are_read_as_words() -> None:
    assert convert.file_words("bicycles-meta") == "Bicycles Meta"
    assert convert.file_words("bicycles.stackexchange.com") == "Bicycles Stackexchange"


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("a\nb\n\nc", "a b\n\nc"),
        ("a  \nb", "a  \nb"),
        ("a\\\nb", "a\\\nb"),
        ("- a\n  b\n- c", "- a b\n- c"),
        ("> a\n> b\nc", "> a b\nc"),
        ("# a\nb", "# a\nb"),
        ("a\n===\nb", "a\n===\nb"),
        ("| a |\n|---|\n| b |", "| a |\n|---|\n| b |"),
        ("```\na\nb\n```\nc\nd", "```\na\nb\n```\nc d"),
        ("    a\n    b", "    a\n    b"),
        ("[1]: x\n[2]: y", "[1]: x\n[2]: y"),
    ],
)
def test_lines_broken_to_fit_are_joined(wrapped: str, joined: str) -> None:
    assert unwrap(wrapped) == joined


@pytest.mark.parametrize(
    ("written", "nested"),
    [
        ("a\n- b\n- c", "a\n\n- b\n- c"),
        ("a\n7. b", "a\n7. b"),
        ("- a\n  - b\n    - c\n- d", "- a\n    - b\n        - c\n- d"),
        ("1. a\n   - b\n\n     c", "1. a\n    - b\n\n        c"),
        ("1) a", "1. a"),
        ("- a\n\n  b\n\nc", "- a\n\n    b\n\nc"),
        ("- a\n\n      code", "- a\n\n        code"),
        ("- a\n  ```\n  x\n    y\n  ```\n  b", "- a\n    ```\n    x\n      y\n    ```\n    b"),
        ("* * *\n- - -\n---", "* * *\n- - -\n---"),
        ("```\n- a\n  - b\n```", "```\n- a\n  - b\n```"),
        ("\t- a", "    - a"),
    ],
)
def test_lists_are_indented_by_level(written: str, nested: str) -> None:
    assert nest(written) == nested


def test_lists_of_any_depth_are_handled() -> None:
    deep = "\n".join("  " * level + "- x" for level in range(500))
    assert len(nest(deep)) < 5 * len(deep)
