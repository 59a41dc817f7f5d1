"""Five thousand honest people who write, read and vote, made by a program from a seed.

They are uneven, as real ones are: few write and vote most of it; experts answer most of a tag, and those who ask there
thank them again and again; friends and colleagues read, and like, what the other writes; some read everything of one
author, or in one evening; newcomers vote for their one helper; some spaces have a dozen people.
"""

import random
from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from gamification.integrity.table import Accepted, Vote

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 180
MEMBERS = 5000
THREADS = 16000
SPACES = ((1600, 12), (1100, 10), (800, 8), (500, 6), (350, 5), (250, 4), (150, 3), (100, 2), (60, 2), (40, 1))
SMALL_SPACES = (24, 18, 14, 12, 10, 9, 8, 7)


@dataclass
class Post:
    id: int
    author: int
    space: int
    asker: int
    at: float


@dataclass
class Group:
    """A tag of a space: who reads it and how much, and who answers there and how often."""

    space: int
    readers: list[int]
    reading: list[float]
    helpers: list[int]
    helping: list[float]


@dataclass
class World:
    seed: int
    rand: random.Random = field(init=False)
    posts: list[Post] = field(default_factory=list)
    by_author: dict[int, list[Post]] = field(default_factory=dict)
    votes: dict[tuple[int, int], Vote] = field(default_factory=dict)
    days: Counter[tuple[int, int, int, bool]] = field(default_factory=Counter)
    accepted: list[Accepted] = field(default_factory=list)
    joined: dict[int, datetime] = field(default_factory=dict)
    activity: dict[int, float] = field(default_factory=dict)
    home: dict[int, int] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    threads: int = 0

    def __post_init__(self) -> None:
        self.rand = random.Random(self.seed)

    # --- what everything is made of ---

    def post(self, author: int, space: int, asker: int, at: float) -> Post:
        made = Post(len(self.posts) + 1, author, space, asker, at)
        self.posts.append(made)
        self.by_author.setdefault(author, []).append(made)
        return made

    def vote(self, voter: int, post: Post, at: float, *, helpful: bool = True) -> None:
        at = max(at, post.at)
        if voter == post.author or at >= DAYS or (voter, post.id) in self.votes or at < self.here_since(voter):
            return
        day = (voter, post.author, int(at), helpful)
        if self.days[day] >= (6 if helpful else 3):  # more than the limit of a day cannot be given
            return
        self.days[day] += 1
        moment = BEGIN + timedelta(days=at)
        asked = voter == post.asker
        self.votes[voter, post.id] = Vote(voter, post.author, post.id, post.space, moment, helpful, asked)

    def here_since(self, member: int) -> float:
        return (self.joined[member] - BEGIN).total_seconds() / 86400

    def accept(self, asker: int, post: Post, at: float, minutes: float) -> None:
        self.threads += 1
        moment = BEGIN + timedelta(days=at)
        self.accepted.append(Accepted(asker, post.author, self.threads, post.space, moment, minutes))

    def slow(self, helper: int) -> float:
        """After how many days somebody answers: some helpers within minutes, others when they find the time."""
        return float(self.later((0.02, 0.1, 0.4, 1.0)[helper % 4]))

    def later(self, days: float) -> float:
        return self.rand.expovariate(1 / days)

    # --- honest people ---

    def people(self) -> None:
        rand = self.rand
        for member in range(1, MEMBERS + 1):
            self.activity[member] = rand.paretovariate(1.15)
            is_new = rand.random() < 0.3
            self.joined[member] = BEGIN + timedelta(days=rand.uniform(0, DAYS - 5) if is_new else -rand.uniform(1, 900))

    def spaces(self) -> None:
        rand, ids = self.rand, list(range(1, MEMBERS + 1))
        sizes = [*SPACES, *((size, 1) for size in SMALL_SPACES)]
        rand.shuffle(ids)
        place = 0
        for number, (size, tags) in enumerate(sizes, start=1):
            own, place = ids[place : place + size], place + size
            for member in own:
                self.home[member] = number
            guests = rand.sample(range(1, MEMBERS + 1), size // 5)
            for _tag in range(tags):
                some = [one for one in {*own, *guests} if tags == 1 or rand.random() < 1.6 / tags]
                self.groups.append(self._group(number, sorted(some)))

    def _group(self, space: int, people: list[int]) -> Group:
        rand = self.rand
        helpers = [one for one in people if rand.random() < (0.5 if len(people) < 30 else 0.12)] or people[:2]
        helping = [rand.paretovariate(0.9) for _one in helpers]
        reading = [self.activity[one] for one in people]
        return Group(space, people, list(accumulate(reading)), helpers, list(accumulate(helping)))

    def one(self, people: list[int], sums: list[float]) -> int:
        return people[min(bisect(sums, self.rand.random() * sums[-1]), len(people) - 1)]

    def conversations(self) -> None:
        rand = self.rand
        sums = list(accumulate(len(group.readers) ** 0.8 for group in self.groups))
        for _number in range(THREADS):
            group = self.groups[min(bisect(sums, rand.random() * sums[-1]), len(self.groups) - 1)]
            asker = self.one(group.readers, group.reading)
            at = rand.uniform(0, DAYS - 1)
            if at >= self.here_since(asker):
                self.thread(group, asker, at)

    def thread(self, group: Group, asker: int, at: float, helper: int = 0) -> None:
        """A question with answers, votes and perhaps an acceptance; `helper` answers first, and is thanked for it."""
        rand = self.rand
        question = self.post(asker, group.space, asker, at)
        answers = []
        for number in range(min(6, 1 + int(rand.expovariate(0.9)))):
            who = helper if helper and not number else self.one(group.helpers, group.helping)
            if who != asker:
                answers.append(self.post(who, group.space, asker, at + self.slow(who)))
        for post in answers:
            if rand.random() < 0.5:
                self.vote(asker, post, post.at + self.later(0.3))
        if answers and rand.random() < (0.9 if helper else 0.5):
            accepted_at = answers[0].at + self.later(0.2)
            self.accept(asker, answers[0], accepted_at, (accepted_at - at) * 1440)
        self.read(group, [question, *answers])

    def read(self, group: Group, posts: list[Post]) -> None:
        rand = self.rand
        for _reader in range(int(rand.paretovariate(1.3))):
            reader = self.one(group.readers, group.reading)
            for post in posts:
                if rand.random() < (0.35 if post.author in group.helpers else 0.2):
                    self.vote(reader, post, post.at + self.later(3), helpful=rand.random() > 0.04)

    def friends(self) -> None:
        """Pairs and teams who see what the other writes and like some of it, most in their own space, some tiny."""
        rand = self.rand
        writers = [one for one, posts in self.by_author.items() if len(posts) >= 3]
        for _pair in range(160):
            first = rand.choice(writers)
            near = [one for one in writers if self.home.get(one) == self.home.get(first) and one != first]
            self.befriend([first, *rand.sample(near, min(1, len(near)))], rand.uniform(0.1, 0.35))
        for _team in range(20):
            first = rand.choice(writers)
            near = [one for one in writers if self.home.get(one) == self.home.get(first) and one != first]
            self.befriend([first, *rand.sample(near, min(rand.randint(2, 4), len(near)))], rand.uniform(0.05, 0.2))

    def befriend(self, people: list[int], liking: float) -> None:
        for reader in people:
            for author in people:
                posts = self.by_author.get(author, [])
                for post in posts[-60:]:
                    if self.rand.random() < liking:
                        self.vote(reader, post, post.at + self.later(2))

    def thankful(self) -> None:
        """People who ask again and again in one tag, are answered by its expert, and thank for each answer."""
        rand = self.rand
        for _asker in range(70):
            group = rand.choice(self.groups)
            asker, expert = rand.choice(group.readers), self.one(group.helpers, group.helping)
            start = rand.uniform(0, DAYS / 2)
            for _question in range(rand.randint(4, 22)):
                if asker == expert:
                    break
                start += self.later(5)
                if start > DAYS - 5:
                    break
                self.thread(group, asker, start, expert)
                answer = self.by_author[expert][-1]
                self.vote(asker, answer, answer.at + self.later(0.2))
                if rand.random() < 0.25:
                    question = self.by_author[asker][-1]
                    self.vote(expert, question, question.at + self.later(0.3))

    def admirers(self) -> None:
        """People who read much of what an expert wrote, some of it in one evening."""
        rand = self.rand
        stars = sorted(self.by_author, key=lambda one: -len(self.by_author[one]))[:120]
        for _reader in range(60):
            star, reader = rand.choice(stars), rand.randint(1, MEMBERS)
            for post in self.by_author[star]:
                if rand.random() < 0.15:
                    self.vote(reader, post, post.at + self.later(2))
        for _evening in range(120):
            star, reader, at = rand.choice(stars), rand.randint(1, MEMBERS), rand.uniform(20, DAYS - 1)
            earlier = [post for post in self.by_author[star] if post.at < at]
            for post in rand.sample(earlier, min(len(earlier), rand.randint(3, 5))):
                self.vote(reader, post, at + self.later(0.01))

    def newcomers(self) -> None:
        """New people whose first and only votes are for the one who helped them."""
        rand = self.rand
        fresh = [one for one, at in self.joined.items() if at > BEGIN]
        for asker in rand.sample(fresh, 500):
            group = rand.choice(self.groups)
            at = self.here_since(asker) + rand.uniform(0, 2)
            helper = self.one(group.helpers, group.helping)
            if helper == asker:
                continue
            for _question in range(1 if rand.random() < 0.7 else rand.randint(2, 3)):
                self.thread(group, asker, at, helper)
                answer = self.by_author[helper][-1]
                self.vote(asker, answer, answer.at + self.later(0.1))
                at += self.later(3)

    def quarrels(self) -> None:
        """Two who do not get on, and people who are hard to please; never more than a few votes."""
        rand = self.rand
        writers = [one for one, posts in self.by_author.items() if len(posts) >= 4]
        for _pair in range(25):
            first, second = rand.sample(writers, 2)
            for reader, author in ((first, second), (second, first)):
                for post in rand.sample(self.by_author[author], rand.randint(1, 3)):
                    self.vote(reader, post, post.at + self.later(4), helpful=False)
        for _hard in range(15):
            reader = rand.choice(writers)
            for author in rand.sample(writers, 25):
                self.vote(reader, rand.choice(self.by_author[author]), rand.uniform(1, DAYS - 1), helpful=False)

    def live(self) -> None:
        """Everything that honest people do."""
        self.people()
        self.spaces()
        self.conversations()
        self.friends()
        self.thankful()
        self.admirers()
        self.newcomers()
        self.quarrels()
