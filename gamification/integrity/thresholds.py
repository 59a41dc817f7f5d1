"""From where on votes are put before a person: every number of the detection, with its reason, in one place.

"Chance" is what a pair would come to if each vote of a space went to its authors by how much everybody votes for them.
"Surprise" is how far above that a number is: 6 is one in a million. Friends and grateful people are above chance too,
so surprise alone never suffices: it is also asked how much of all that these people give and get it is.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Thresholds:
    """See above; tests plant communities of several seeds, and none of these numbers was set for one of them."""

    # Only votes of this long count: older arrangements earn nothing new, and people change.
    looks_back: timedelta = timedelta(days=365)
    # Thanking for an answer to one's own question is what votes are for: such a vote counts half.
    thanks: float = 0.5

    # Closed groups: pairs and rings.
    edge_votes: float = 3.0  # fewer votes from one to another say nothing
    edge_surprise: float = 4.0  # one pair in ten thousand: a first sieve for a hundred thousand pairs
    pair_votes: float = 5.0  # of each to the other: below that friends and arranged votes look alike
    closed: float = 0.5  # geometric mean of how much of what they give and of what they get stays among a pair, ...
    closed_less: float = 0.015  # ... less by this for each vote more that the two exchanged, ...
    closed_least: float = 0.3  # ... but not below this
    closed_ring: float = 0.25  # the same of three and more, where honest circles are rarer
    dense_up_to: int = 4  # so few must all have voted for one another: two pairs of friends who share a friend have not
    dense: float = 0.8
    lift: float = 5.0  # times what chance would give: in a space of ten people all vote for all
    closed_member: float = 0.15  # each member of a group must be so themselves; who is less is no part of it
    ring_votes: float = 3.5  # votes for each member of the ring from the others, on average for each who votes for them
    group_surprise: float = 12.0  # of all votes within; small spaces, where all vote for all, stay far below

    # Many votes from one for another in a short time. The limit of a day is 6, so it takes days.
    burst_votes: int = 9
    burst_within: timedelta = timedelta(days=4)
    burst_share: float = 0.5  # of what the voter gave in those days, and of what that person ever got from them
    burst_surprise: float = 6.0  # of those days; in small spaces most votes go to the one expert
    # Many votes from one for another over a long time, with nothing in return.
    serial_votes: int = 12  # on what the voter did not ask for: those who ask an expert again and again thank them
    serial_share: float = 0.5  # of all that the one gives, and of all that the other gets

    # Votes against one person.
    against_votes: int = 5  # the limit of a day is 3; two who quarrel come to that once, not again and again
    against_within: timedelta = timedelta(days=30)
    against_share: float = 0.4  # of all votes against that the one gives
    against_surprise: float = 4.0

    # New accounts that vote for one person.
    new_for: timedelta = timedelta(days=14)
    new_votes: int = 2  # on what they did not ask for: honest newcomers thank who helped them, and read on later
    new_share: float = 0.7  # of all that the account gave while new
    new_accounts: int = 3
    new_of_all: float = 0.04  # of all that the person got
    new_surprise: float = 4.0

    # Accepted answers between the same two.
    farmed: int = 3
    farmed_share: float = 0.25  # of what the one accepted and of what the other solved: experts solve for many
    farmed_minutes: float = 60.0  # from question to acceptance ...
    farmed_quick: float = 0.7  # ... in this share of them
    farmed_both: int = 3  # or so many each way, however slow; slow and one way is what grateful people look like too

    # Decided honest: proposed again only when it has grown by half.
    grown: float = 1.5


USUAL = Thresholds()
