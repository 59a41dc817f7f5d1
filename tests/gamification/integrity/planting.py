"""Fifty arranged patterns among five thousand honest members, made by a program from a seed.

Those who arrange votes are ordinary members, who also vote as everybody does, and some of whom others value; some are
slow, some hide among much else.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from gamification.integrity.table import Table

from .honest import BEGIN, DAYS, MEMBERS, Post, World


@dataclass(frozen=True)
class Pattern:
    """What somebody arranged: `core` are those who must be found, `members` all who took part."""

    kind: str
    members: frozenset[int]
    core: frozenset[int]


@dataclass
class Planted:
    table: Table
    patterns: list[Pattern]


@dataclass
class Arranged(World):
    """The honest ones, and what some of them arrange."""

    patterns: list[Pattern] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def arrange(self) -> None:
        for number in range(10):
            self.ring(number)
        for number in range(13):
            self.pair(number)
        for number in range(8):
            self.burst(number)
        for number in range(6):
            self.serial_down(number)
        for number in range(7):
            self.new_accounts(number)
        for number in range(6):
            self.farm(number)

    def some(self, number: int, *, apart: bool = False) -> list[int]:
        """Ordinary members who take part in nothing else that is arranged; in one space, or anywhere."""
        rand = self.rand
        home = self.home[rand.choice([one for one in self.home if self.home[one] <= 8])]
        free = [
            one
            for one, place in self.home.items()
            if one not in self.taken and (apart or place == home) and self.joined[one] < BEGIN
        ]
        known = [one for one in free if len(self.by_author.get(one, ())) >= 6]
        found = rand.sample(free, number)
        if len(known) >= number and rand.random() < 0.5:  # people who write, and whom others vote for as well
            found = rand.sample(known, number)
        self.taken.update(found)
        return found

    def posts_for(self, voter: int, author: int, number: int, since: float, until: float) -> list[Post]:
        """As many posts as are voted on: those that are there, and more where they are too few."""
        there = self.by_author.get(author, [])
        own = [post for post in there if post.at < until and (voter, post.id) not in self.votes]
        while len(own) < number:
            asker = self.rand.randint(1, MEMBERS)
            own.append(self.post(author, self.home[author], asker, self.rand.uniform(max(0, since - 20), since)))
        return self.rand.sample(own, number)

    def give(self, voter: int, author: int, number: int, since: float, until: float, *, helpful: bool = True) -> None:
        for post in self.posts_for(voter, author, number, since, until):
            self.vote(voter, post, self.rand.uniform(max(since, post.at), until), helpful=helpful)

    def hide_among(self, people: list[int], most: float, number: int) -> None:
        """Ordinary votes of those who arrange others, up to `most` for each arranged one."""
        for voter in people:
            for _vote in range(int(number * self.rand.uniform(0, most))):
                post = self.rand.choice(self.posts)
                if self.home.get(post.author) == self.home.get(voter) or self.rand.random() < 0.1:
                    self.vote(voter, post, post.at + self.later(3))

    def keep(self, kind: str, people: list[int], core: list[int] | None = None) -> None:
        self.patterns.append(Pattern(kind, frozenset(people), frozenset(core or people)))

    def ring(self, number: int) -> None:
        rand = self.rand
        size, since = 3 + number % 6, rand.uniform(0, DAYS / 3)
        until = min(DAYS - 0.01, since + (10, 40, 110)[number % 3])
        people = self.some(size, apart=number % 4 == 3)
        each = rand.randint(4, 10)
        for place, voter in enumerate(people):
            for step in range(1, size):
                if number % 5 != 4 or step <= 2:  # some only vote for the next two, in a circle
                    self.give(voter, people[(place + step) % size], max(3, each + rand.randint(-3, 3)), since, until)
        self.hide_among(people, (0.5, 1, 2)[number % 3] * 6, each)
        self.keep("ring", people)

    def pair(self, number: int) -> None:
        rand = self.rand
        people, since = self.some(2, apart=number % 4 == 3), rand.uniform(0, DAYS / 4)
        until = min(DAYS - 0.01, since + (6, 30, 60, 130)[number % 4])
        each = rand.randint(7, 26)
        for voter, author in (people, people[::-1]):
            self.give(voter, author, each + rand.randint(-2, 2), since, until)
        self.hide_among(people, (0.5, 2, 6)[number % 3], each)
        self.keep("pair", people)

    def burst(self, number: int) -> None:
        rand = self.rand
        voter, author = self.some(2)
        if number >= 6:  # no burst, but a long series
            self.give(voter, author, rand.randint(16, 30), DAYS / 3, DAYS - 1)
            self.hide_among([voter], 0.5, 20)
            return self.keep("serial", [voter, author])
        at = rand.uniform(30, DAYS - 6)
        for day in range(rand.randint(2, 4)):
            begin = at + day
            self.give(voter, author, 5 + number % 2, begin, begin + (0.01, 0.1, 0.4)[number % 3])
        self.hide_among([voter], (0.5, 3)[number % 2], 15)
        return self.keep("burst", [voter, author])

    def serial_down(self, number: int) -> None:
        voter, author = self.some(2)
        at, days = self.rand.uniform(20, DAYS - 35), (3, 8, 30)[number % 3]
        self.give(voter, author, 5 + number, at, at + days, helpful=False)
        self.hide_among([voter], 3, 8)
        self.keep("down", [voter, author])

    def new_accounts(self, number: int) -> None:
        rand = self.rand
        (author,) = self.some(1)
        accounts = []
        since, spread = rand.uniform(20, DAYS - 60), (3, 15, 40)[number % 3]
        for _account in range(3 + number):
            account = len(self.joined) + 1
            begin = since + rand.uniform(0, spread)
            self.joined[account] = BEGIN + timedelta(days=begin)
            self.home[account] = self.home[author]
            self.taken.add(account)
            self.give(account, author, rand.randint(2, 6), begin, begin + rand.uniform(0.1, 8))
            if rand.random() < 0.4:
                self.vote(account, rand.choice(self.posts), begin + 1)
            accounts.append(account)
        self.keep("new", [author, *accounts], [author, *accounts])

    def farm(self, number: int) -> None:
        rand = self.rand
        asker, solver = self.some(2)
        at, gap = rand.uniform(10, DAYS / 3), (0.5, 3, 12)[number % 3]
        for _question in range(3 + number * 2):
            at += rand.uniform(0, 2 * gap)
            if at >= DAYS - 1:
                break
            answer = self.post(solver, self.home[asker], asker, at)
            self.accept(asker, answer, at, rand.uniform(2, 40) if number != 4 else rand.uniform(60, 900))
            if rand.random() < 0.5:
                self.vote(asker, answer, at)
        self.keep("farm", [asker, solver])


def planted(seed: int, *, patterns: bool = True) -> Planted:
    """The community of this seed, with what was arranged in it, or honest altogether."""
    world = Arranged(seed)
    world.live()
    if patterns:
        world.arrange()
    votes = sorted(world.votes.values(), key=lambda vote: (vote.at, vote.voter, vote.post))
    return Planted(Table(votes, world.accepted, world.joined), world.patterns)
