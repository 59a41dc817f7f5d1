"""Markdown as people expect it: keys, lists below a sentence, notes at the foot, and what stood there before."""

import pytest

from community.core.markup import render

KEYS = "<span><kbd>Ctrl</kbd>+<kbd>C</kbd></span>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Press ++ctrl+c++.", f"<p>Press {KEYS}.</p>"),
        ("Press <kbd>F4</kbd>", "<p>Press <kbd>F4</kbd></p>"),
        ("<kbd onclick=alert(1)>x</kbd>", "<p>&lt;kbd onclick=alert(1)&gt;x&lt;/kbd&gt;</p>"),
        ("C++ and i++ and `++a+b++`", "<p>C++ and i++ and <code>++a+b++</code></p>"),
        ("See:\n- one\n- two", "<p>See:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("See:\n1. one\n2. two", "<p>See:</p>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("In\n2019. A year", "<p>In<br>\n2019. A year</p>"),
        ("- one\nmore\n- two", "<ul>\n<li>one<br>\nmore</li>\n<li>two</li>\n</ul>"),
        ("Word[^1], and no note", "<p>Word[^1], and no note</p>"),
        ("~~gone~~", "<p><del>gone</del></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- [x] done", '<ul>\n<li class="task">☑ done</li>\n</ul>'),
    ],
)
def test_texts_look_as_their_authors_mean_them(text: str, html: str) -> None:
    assert render(text).html == html


def test_code_keeps_its_lines() -> None:
    html = render("```\nlist:\n- one\n[^1]: x\n```").html
    assert "list:\n- one\n[^1]: x" in html
