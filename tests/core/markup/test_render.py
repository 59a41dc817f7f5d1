"""What an ordinary author sees."""

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from community.core.markup import RENDERER_VERSION, Renderer, render, render_many, sanitise
from community.core.markup import renderer as module

REL = 'rel="nofollow ugc noopener"'


def test_a_text_comes_back_with_all_that_is_stored() -> None:
    rendered = render("Hello **world**")
    assert rendered.html == "<p>Hello <strong>world</strong></p>"
    assert (rendered.plain, rendered.version, rendered.timed_out) == ("Hello world", RENDERER_VERSION, False)
    assert (rendered.mentions, rendered.language) == ((), "en")


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00"])
def test_an_empty_text_is_empty(text: str) -> None:
    assert (render(text).html, render(text).plain) == ("", "")


def test_headings_leave_the_first_two_levels_to_the_page() -> None:
    html = render("# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f\n\ng\n=").html
    for level, letter in zip((3, 4, 5, 6, 6, 6, 3), "abcdefg", strict=True):
        assert f"<h{level}>{letter}</h{level}>" in html


def test_code_is_coloured_by_classes() -> None:
    html = render('```python\ndef f():\n    return "中文"\n```').html
    assert '<div class="highlight"><pre>' in html
    assert '<span class="k">def</span>' in html
    assert "style=" not in html


@pytest.mark.parametrize("text", ["```\nx = 1\n```", "```nosuchlanguage\nx = 1\n```", "    x = 1", "~~~\nx = 1\n~~~"])
def test_code_of_no_known_language_stays_plain(text: str) -> None:
    html = render(text).html
    assert "x = 1" in html
    assert "<code>" in html
    assert 'class="n"' not in html


def test_a_long_block_is_shown_without_colours() -> None:
    html = render("```python\n" + "x = 1\n" * 5_000 + "```").html
    assert "x = 1" in html
    assert 'class="n"' not in html


def test_html_is_shown_as_it_was_typed() -> None:
    assert render("use <username> & <b>x</b>").html == "<p>use &lt;username&gt; &amp; &lt;b&gt;x&lt;/b&gt;</p>"


def test_tasks_are_drawn_as_text() -> None:
    html = render("- [ ] open\n- [x] done\n- [y] other\n\n1. [X] also").html
    assert '<li class="task">☐ open</li>' in html
    assert '<li class="task">☑ done</li>' in html
    assert "<li>[y] other</li>" in html
    assert '<li class="task">☑ also</li>' in html
    assert "<input" not in html


def test_tables_scroll_and_align_by_class() -> None:
    html = render("| a | b |\n|:-:|--:|\n| 1 | 2 |").html
    assert '<div class="table-wrap">' in html
    assert '<td class="align-center">1</td>' in html
    assert '<th class="align-right">b</th>' in html


def test_details_fold() -> None:
    assert "<summary>More</summary>" in render('??? note "More"\n    hidden').html


def test_strikes_and_single_tildes() -> None:
    assert render("~~a~~ ~b~").html == "<p><del>a</del> ~b~</p>"


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("[a](https://x.example/y)", "https://x.example/y"),
        ("[a](/t/5)", "/t/5"),
        ("[a](#reply-3)", "#reply-3"),
        ("[a](mailto:a@x.example)", "mailto:a@x.example"),
        ("https://x.example/中文", "https://x.example/中文"),
    ],
)
def test_good_links_stay(text: str, href: str) -> None:
    assert f'<a href="{href}" {REL}>' in render(text).html


def test_a_remote_image_becomes_a_link() -> None:
    html = render("![logo](https://x.example/a.png) [![b](http://y.example/b.png)](/t/1)").html
    assert f'<a href="https://x.example/a.png" {REL}>logo</a>' in html
    assert f'<a href="/t/1" {REL}><span>b</span></a>' in html
    assert "<img" not in html


def test_our_own_image_stays_and_loads_lazily() -> None:
    html = render("![a plan](/files/2026/plan.png) ![](/files/b.png)").html
    assert '<img alt="a plan" src="/files/2026/plan.png" loading="lazy">' in html
    assert '<img alt="" src="/files/b.png" loading="lazy">' in html


def test_sanitising_keeps_an_image_readable() -> None:
    assert sanitise('<p><img src="/files/a.png"></p>') == '<p><img src="/files/a.png" loading="lazy" alt=""></p>'
    assert sanitise('<p><img src="http://x.example/a" alt="a > b"></p>') == "<p>a &gt; b</p>"
    assert sanitise("<img src=//x.example/a>") == ""


def test_sanitising_keeps_numbers_that_are_numbers() -> None:
    assert sanitise('<ol start="3"><li>a</li></ol>') == '<ol start="3"><li>a</li></ol>'
    assert sanitise('<ol start="x"><li>a</li></ol>') == "<ol><li>a</li></ol>"


def test_known_people_are_linked_and_all_are_told() -> None:
    rendered = render("@Anna_b, ask @bob-2 or @nobody. 请问@anna_b怎么", frozenset({"anna_b", "bob-2"}))
    assert rendered.mentions == ("anna_b", "bob-2", "nobody")
    assert f'<a class="mention" href="/people/anna_b" {REL}>@Anna_b</a>, ask' in rendered.html
    assert f'请问<a class="mention" href="/people/anna_b" {REL}>@anna_b</a>怎么' in rendered.html
    assert "or @nobody." in rendered.html


@pytest.mark.parametrize(
    "text",
    [
        "`@anna`",
        "```\n@anna\n```",
        "    @anna",
        "[@anna](/t/1)",
        "https://x.example/@anna",
        "x@anna.example",
        "@anna@x.example",
        "@a",
        "@" + "a" * 31,
    ],
)
def test_code_links_and_addresses_mention_nobody(text: str) -> None:
    rendered = render(text, frozenset({"anna"}))
    assert rendered.mentions == ()
    assert "mention" not in rendered.html


def test_mentions_stand_inside_emphasis_lists_and_after_breaks() -> None:
    text = "**@anna** and\n@bob\n\n- *x* @carl @anna\n\n> @dora"
    rendered = render(text, frozenset({"anna", "bob", "carl", "dora"}))
    assert rendered.mentions == ("anna", "bob", "carl", "dora")
    assert rendered.html.count('class="mention"') == 5
    assert rendered.plain == "@anna and\n@bob\nx @carl @anna\n@dora"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I change my password?", "en"),
        ("怎么修改密码？这个问题没有解决", "zh-Hans"),
        ("怎麼修改密碼？這個問題沒有解決", "zh-Hant"),
        ("用 Windows 10 打开 VPN 时报错，请问怎么处理", "zh-Hans"),
        ("The menu says 设置 and nothing else happens when I click", "en"),
        ("打印机报错，请看日志：\n\n```\n" + "ERROR spooler failed to load\n" * 50 + "```", "zh-Hans"),
        ("`什么`", "zh-Hans"),
        ("", "en"),
    ],
)
def test_the_language_is_recognised(text: str, language: str) -> None:
    assert render(text).language == language


def test_chinese_keeps_its_characters_and_emphasis() -> None:
    assert render("这是**重点**，对吗？").html == "<p>这是<strong>重点</strong>，对吗？</p>"


def test_reordering_characters_are_gone() -> None:
    rendered = render("invoice\u202egnp.exe\x07")
    assert rendered.html == "<p>invoicegnp.exe</p>"


def test_many_texts_keep_their_order() -> None:
    assert [one.plain for one in render_many(f"text *{n}*" for n in range(5))] == [f"text {n}" for n in range(5)]


def test_one_text_leaves_nothing_behind_for_the_next() -> None:
    render("[a]: https://x.example/secret\n\n[a]")
    assert "secret" not in render("[a]").html


def test_threads_share_one_renderer() -> None:
    results: dict[int, str] = {}

    def work(number: int) -> None:
        for _ in range(10):
            results[number] = render(f"text *{number}*").plain

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: f"text {number}" for number in range(6)}


def test_a_killed_renderer_is_replaced() -> None:
    renderer = Renderer()
    assert renderer.render("*a*").plain == "a"
    child = renderer._child
    assert child is not None
    child.kill()
    child.wait()
    assert renderer.render("*b*").html == "<p><em>b</em></p>"
    renderer.close()
    assert renderer.render("*c*").html == "<p><em>c</em></p>"
    renderer.close()


def test_a_renderer_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="did not start"):
        renderer.render("a")
    monkeypatch.undo()
    assert renderer.render("a").plain == "a"
    renderer.close()


def test_an_answer_that_crosses_with_the_kill_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(time_limit=0.2)
    renderer.render("a")
    talk = module._talk

    def slow(child: subprocess.Popen[bytes], request: object) -> dict[str, Any]:
        answer = talk(child, request)
        child.wait()
        return answer

    monkeypatch.setattr(module, "_talk", slow)
    assert renderer.render("b").timed_out
    monkeypatch.undo()
    assert not renderer.render("c").timed_out
    renderer.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_worker_starts_its_own_and_leaves_the_first_alone() -> None:
    renderer = Renderer()
    renderer.render("*a*")
    first = renderer._child
    pid = os.fork()
    if pid == 0:
        good = renderer.render("*b*").plain == "b" and renderer._child is not first
        renderer.close()
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert renderer.render("*c*").plain == "c"
    assert renderer._child is first
    renderer.close()


def test_the_child_never_sees_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of-the-test")
    renderer = Renderer()
    renderer.render("a")
    assert renderer._child is not None
    try:
        with open(f"/proc/{renderer._child.pid}/environ", "rb") as file:  # noqa: PTH123
            assert b"of-the-test" not in file.read()
    except FileNotFoundError:
        pytest.skip("no /proc here")
    finally:
        renderer.close()
