"""What somebody wrote, on their profile."""

from flask import Flask

from tests.conftest import LoginAs
from tests.factories import a_member, a_space
from tests.factories.knowledge import an_article
from tests.visit import Visitor


def written(visitor: Visitor) -> list[str]:
    """Titles of the articles on Eve's profile."""
    visitor.get("/people/eve")
    return [link.get_text() for link in visitor.select("section[aria-labelledby=written] .row__title a")]


def test_articles_stand_on_a_profile_as_the_reader_may_see_them(
    app: Flask, visitor: Visitor, login_as: LoginAs
) -> None:
    inner, eve = a_space("inner", visibility="members"), a_member("eve")
    a_member("insider", member_of=[inner])
    assert written(visitor) == []
    an_article(eve, title="For everybody", published=True)
    an_article(eve, title="For the inner circle", space=inner, published=True).audience = "space"
    an_article(eve, title="Not ready")
    an_article(title="Of somebody else", published=True)
    assert written(visitor) == ["For everybody"]
    assert written(login_as("insider")) == ["For the inner circle", "For everybody"]
