"""A connector for services that speak as Akismet does: forms over HTTPS, a word as the answer."""

from collections.abc import Mapping

from community.core.outgoing import Answer, Outgoing, RefusedAddressError, UnreachableError, form_body

from .contract import SPAM, SpamServiceError, SpamVerdict, Writing

SURE, LIKELY = 1.0, 0.8
LONGEST_TEXT = 20_000
THANKS = "thanks for making the web a better place"


class AkismetShaped:
    """`base` is the service's address, `site` ours. No network address of anybody is sent."""

    def __init__(self, base: str, key: str, site: str, *, allow_private: bool = False) -> None:
        try:
            self._out = Outgoing(base, allow_private=allow_private)
        except RefusedAddressError as error:
            raise SpamServiceError("address", str(error)) from error
        self._key, self._site = key, site

    def verify(self) -> None:
        """Ask whether the key is good. Raises `SpamServiceError`."""
        answer = self._ask("/1.1/verify-key", {"key": self._key, "blog": self._site})
        if answer.text.strip() != "valid":
            raise SpamServiceError("key" if answer.text.strip() == "invalid" else "nonsense", _hint(answer))

    def check(self, writing: Writing) -> SpamVerdict:
        """Ask about a contribution; `discard` from the service means that it is sure. Raises `SpamServiceError`."""
        answer = self._ask("/1.1/comment-check", self._fields(writing))
        word = answer.text.strip().lower()
        if word == "false":
            return SpamVerdict(0.0)
        if word == "true":
            tip = answer.headers.get("x-akismet-pro-tip", "").strip()
            return SpamVerdict(SURE if tip == "discard" else LIKELY, "".join(filter(str.isprintable, tip))[:60])
        raise SpamServiceError("key" if word == "invalid" else "nonsense", _hint(answer))

    def learn(self, writing: Writing, verdict: str) -> None:
        """Tell the service that it was wrong, or right. Raises `SpamServiceError`."""
        path = "/1.1/submit-spam" if verdict == SPAM else "/1.1/submit-ham"
        answer = self._ask(path, self._fields(writing))
        if THANKS not in answer.text.lower():
            raise SpamServiceError("key" if answer.text.strip().lower() == "invalid" else "nonsense", _hint(answer))

    def _ask(self, path: str, fields: Mapping[str, str]) -> Answer:
        try:
            answer = self._out.request("POST", path, headers={"Accept": "text/plain"}, body=form_body(fields))
        except RefusedAddressError as error:
            raise SpamServiceError("address", str(error)) from error
        except UnreachableError as error:
            raise SpamServiceError("silent", str(error)) from error
        if answer.status != 200:
            raise SpamServiceError("nonsense", f"status {answer.status}")
        return answer

    def _fields(self, writing: Writing) -> dict[str, str]:
        fields = {
            "api_key": self._key,
            "blog": self._site,
            "comment_type": "forum-post" if writing.kind == "thread" else "reply",
            "comment_author": writing.author,
            "comment_author_email": writing.author_email,
            "comment_content": writing.text[:LONGEST_TEXT],
            "comment_date_gmt": writing.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "permalink": writing.address,
            "blog_lang": writing.language,
            "blog_charset": "UTF-8",
        }
        return {name: value for name, value in fields.items() if value}


def _hint(answer: Answer) -> str:
    """What the service said, as text that a log and any database can hold."""
    said = (answer.headers.get("x-akismet-debug-help", "") or answer.text)[:120]
    return "".join(sign if sign.isprintable() else "?" for sign in said)
