"""Numbers as they stand in forms and addresses."""

from collections.abc import Iterable

LARGEST_NUMBER = 2**31 - 1  # of our own keys
LARGEST_KEY = 2**63 - 1  # of other programs' keys


def whole_number(text: str, *, most: int = LARGEST_NUMBER) -> int | None:
    """The number that these ASCII digits say; None for all else, and for what is more than `most`."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """The numbers among `texts`, as `whole_number` reads them; what is none is left out."""
    return [number for text in texts if (number := whole_number(text)) is not None]
