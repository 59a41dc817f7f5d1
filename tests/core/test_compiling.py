"""Templates mean what Jinja says they mean, however fast they are."""

import pytest
from flask import Flask
from jinja2 import UndefinedError
from markupsafe import Markup

from community.core.compiling import written

pytestmark = pytest.mark.databases("sqlite")  # asks no database

MACROS = """
{%- macro twice(text) %}{{ text }}{{ caller() if caller is defined else text }}{% endmacro -%}
{%- macro icon(name) %}<i>{{ name }}</i>{% endmacro -%}
"""


class Thing:
    """Has an attribute and an item of the same name."""

    name = "a<b"

    def __getitem__(self, key: str) -> str:
        if key != "kind":
            raise KeyError(key)
        return "item"


def drawn(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**values)


@pytest.mark.parametrize("value", ["a<b", Markup("<b>"), 7, 7.5, None, True, Thing.name * 2])
def test_values_are_escaped_unless_they_are_html(value: object) -> None:
    assert written(value) == str(Markup("{}").format(value))


def test_attributes_come_before_items_and_both_are_found(app: Flask) -> None:
    source = "{{ thing.name }} {{ thing.kind }} {{ table.name.first }} {{ thing.none is defined }}"
    assert drawn(app, source, thing=Thing(), table={"name": {"first": 1}}) == "a&lt;b item 1 False"


@pytest.mark.parametrize("source", ["{{ thing.none }}", "{{ none_such.name }}", "{{ none_such() }}"])
def test_what_is_not_there_is_an_error(app: Flask, source: str) -> None:
    with pytest.raises(UndefinedError):
        drawn(app, source, thing=Thing())


def test_functions_get_what_they_are_given(app: Flask) -> None:
    assert drawn(app, "{{ url_for('forum.thread', thread_id=7) }}") == "/threads/7"
    assert (
        drawn(app, "{{ url_for(*names, **values) }}", names=["forum.thread"], values={"thread_id": 7}) == "/threads/7"
    )
    assert drawn(app, "{{ _('Thread %(number)s', number='<') }} {{ _('Edit') ~ '<' }}") == "Thread &lt; Edit&lt;"
    assert drawn(app, "{{ ngettext('%(num)s reply', '%(num)s replies', 2) }}") == "2 replies"


def test_macros_are_called_also_where_they_have_the_name_of_a_function(app: Flask) -> None:
    assert drawn(app, MACROS + "{{ twice('<') }} {{ icon('<') }}") == "&lt;&lt; <i>&lt;</i>"
    assert drawn(app, MACROS + "{% call twice('a') %}<b>{% endcall %}") == "a<b>"
    assert drawn(app, MACROS + "{% for n in (1, 2) %}{{ twice(text=n) }}{% endfor %}") == "1122"
    assert drawn(app, "{{ icon }}", icon="given") == "given"
