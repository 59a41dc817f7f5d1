"""A mailer that keeps what it is given, and finds the links in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from community.core.email import Mail

OWN_LINK = re.compile(r"http://localhost(/[^\s<>\"]+)")


@dataclass
class Letters:
    """Every letter that was sent, oldest first."""

    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        """Keep a letter."""
        self.sent.append(mail)

    def check(self) -> None:
        """Always works."""

    def to(self, address: str) -> list[Mail]:
        """Letters to one person."""
        return [mail for mail in self.sent if mail.to == address]

    def link_to(self, address: str, part: str) -> str:
        """Path of the newest link with `part` in it that this person was sent."""
        links = [link for mail in self.to(address) for link in OWN_LINK.findall(mail.text) if part in link]
        assert links, f"no link with {part} was sent to {address}: {[mail.subject for mail in self.sent]}"
        return str(links[-1])


@pytest.fixture
def letters(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letters]:
    """What the application sends while the test runs."""
    box = Letters()
    monkeypatch.setitem(app.extensions, "isthmus.mailer", box)
    yield box
