"""What comes of letters from which nothing comes."""


class UnusableError(Exception):
    """Nothing comes of a letter. The text says why to the person, in the present language."""

    def __init__(self, outcome: str, reason: str, *, link: str = "", quoted: bool = True) -> None:
        super().__init__(reason)
        self.outcome, self.reason, self.link, self.quoted = outcome, reason, link, quoted
