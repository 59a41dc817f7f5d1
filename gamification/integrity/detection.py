"""All patterns in a table of votes, each group of people once. Pure: the same table gives the same findings."""

from .chance import Counts
from .findings import Finding, merged
from .groups import closed_groups
from .single import against, bursts, farmed_answers, new_accounts, series
from .table import Table
from .thresholds import USUAL, Thresholds


def detect(table: Table, limits: Thresholds = USUAL) -> list[Finding]:
    """What should be put before a person, the largest groups first."""
    helpful = Counts((vote for vote in table.votes if vote.helpful), thanks=limits.thanks)
    not_helpful = Counts((vote for vote in table.votes if not vote.helpful), thanks=1.0)
    return merged(
        [
            *closed_groups(helpful, limits),
            *bursts(helpful, limits),
            *series(helpful, limits),
            *against(not_helpful, limits),
            *new_accounts(helpful, table.joined, limits),
            *farmed_answers(table.accepted, limits),
        ]
    )
