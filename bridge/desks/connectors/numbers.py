"""Numbers by which desks know their queries and files: what is none never becomes part of an address."""

from bridge.desks.contract import NotAtDeskError
from community.core.numbers import LARGEST_KEY, whole_number


def number_of(remote_id: str) -> str:
    """The id again, which is a number. Raises `NotAtDeskError` for all else."""
    if whole_number(remote_id, most=LARGEST_KEY) is None:
        raise NotAtDeskError(f"{remote_id!r} is no number of anything there")
    return remote_id
