"""The reviewer of pages finds what it is there to find."""

import pytest

from tests.review import faults_of_page

GOOD = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ask a question – Isthmus</title>
<script src="/a.js" type="module"></script></head>
<body>
<h1>Ask a <em>question</em></h1>
<form method="post" action="/ask">
<input type="hidden" name="csrf_token" value="x">
<label for="title">Title</label> <input id="title" name="title" aria-describedby="hint">
<p id="hint">One line.</p>
<label>Body <textarea name="body"></textarea></label>
<button>Send</button>
</form>
<p><a href="/"><img src="/home.svg" alt="Home"></a></p>
<pre><code>{{ user }} is None</code></pre>
</body>
</html>"""


def test_a_good_page_has_no_faults() -> None:
    assert list(faults_of_page(GOOD)) == []


@pytest.mark.parametrize(
    ("part", "instead", "fault"),
    [
        ('lang="en"', "", "has no lang"),
        ("<!doctype html>", "", "expected-doctype"),
        ("</form>", "", "HTML line"),
        ("<em>question</em></h1>", "question</h1><h1>Twice</h1>", "2 h1"),
        ("Ask a question – Isthmus", "Isthmus", "does not contain the h1"),
        ('id="hint"', 'id="title"', "is there 2 times"),
        ('id="hint"', 'id="other"', "names 'hint'"),
        ('for="title"', 'for="other"', "has no label"),
        ('for="title"', 'for="other"', "is for an element"),
        ("Body <textarea", "<textarea", "has no label"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "has no csrf_token"),
        ('method="post"', 'method="get"', "into the address"),
        ('id="hint"', 'id="hint" style="color:red"', "inline style"),
        ('id="hint"', 'id="hint" onclick="go()"', "inline onclick"),
        ('href="/"', 'href="javascript:go()"', "javascript:"),
        ('<script src="/a.js" type="module">', "<script>", "inline script"),
        ("</head>", "<style>p{}</style></head>", "inline style sheet"),
        (' alt="Home"', "", "has no alt"),
        (' alt="Home"', ' alt=""', "no name to read aloud"),
        ("One line.", "None", "shows 'None'"),
        ("One line.", "{{ line }}", "shows"),
        ("One line.", "Hello %(name)s", "shows"),
        ('action="/ask"', 'action="None"', "has action='None'"),
    ],
)
def test_a_fault_is_found(part: str, instead: str, fault: str) -> None:
    assert part in GOOD
    found = list(faults_of_page(GOOD.replace(part, instead, 1)))
    assert any(fault in one for one in found), found
