"""A desk's words for how a query stands, and ours."""

from collections.abc import Mapping

from bridge.desks.contract import DeskRefusedError, DeskStatus

NEVER_SET = frozenset({DeskStatus.MERGED, DeskStatus.DELETED})


class StatusMap:
    """Both ways between the words. What an administrator entered wins over the usual meaning, also for writing.

    Of several words with one meaning the first one is written. Raises `DeskRefusedError` where a status is not ours.
    """

    def __init__(self, usual: Mapping[str, DeskStatus], entered: Mapping[str, str]) -> None:
        wrong = sorted(set(entered.values()) - set(DeskStatus))
        if wrong:
            raise DeskRefusedError(f"no such status: {', '.join(wrong)}")
        self._ours = {**{word: DeskStatus(name) for word, name in entered.items()}}
        for word, status in usual.items():
            self._ours.setdefault(word, status)
        self._theirs: dict[DeskStatus, str] = {}
        for word, status in self._ours.items():
            self._theirs.setdefault(status, word)

    def ours(self, word: str) -> DeskStatus:
        """What a word of the desk means. An unknown one means that work goes on: it ends nothing."""
        return self._ours.get(word, DeskStatus.IN_PROGRESS)

    def theirs(self, status: DeskStatus) -> str:
        """The word to write. Raises `DeskRefusedError` where the desk has none."""
        if status not in self.settable:
            raise DeskRefusedError(f"this desk has no status for {status}")
        return self._theirs[status]

    @property
    def settable(self) -> frozenset[DeskStatus]:
        """Every status with a word to write."""
        return frozenset(self._theirs) - NEVER_SET
