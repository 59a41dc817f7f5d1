"""The numbers of moderation in one table, each with its source: D = Discourse's default, O = our own choice."""

import math
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class Reason:
    """Why somebody flags. `bonus` adds to the weight of each such flag; `needs_note` asks for words beside it.

    `against_author` is one that, found right, speaks against the person and not only against the place of the words.
    """

    key: str
    label: LazyString
    hint: LazyString
    rule: LazyString
    bonus: float = 0.0
    needs_note: bool = False
    against_author: bool = False


REASONS = {
    reason.key: reason
    for reason in (
        Reason(
            "off_topic",
            _l("Off topic"),
            _l("It does not belong to this thread."),
            _l("Keep to what the thread is about."),
        ),
        Reason(
            "unkind",
            _l("Unkind"),
            _l("It attacks a person or a group."),
            _l("Criticise the matter, never the person."),
            against_author=True,
        ),
        Reason(
            "spam",
            _l("Spam"),
            _l("It advertises, or sends people elsewhere for somebody's gain."),
            _l("No advertising."),
            against_author=True,
        ),
        # O: what may hurt people waits for nobody; one flag of a member with some standing hides it.
        Reason(
            "unsafe",
            _l("Unsafe or illegal"),
            _l("Who follows it may come to harm, or break the law."),
            _l("Nothing that endangers people or breaks the law."),
            bonus=7.0,
            against_author=True,
        ),
        # O: a secret is read by more people with every minute.
        Reason(
            "secret",
            _l("A secret is disclosed"),
            _l("A password, a key, or something personal that is not the author's to show."),
            _l("No secrets and nothing personal of others."),
            bonus=7.5,
        ),
        Reason(
            "wrong_space",
            _l("Wrong space"),
            _l("It would find better help in another space."),
            _l("Ask where the people are who know it."),
        ),
        Reason(
            "other",
            _l("Something else"),
            _l("Say in your own words what is wrong."),
            _l("The charter of the space."),
            needs_note=True,
        ),
    )
}

# The weight of one flag: 1.0 and the level of whoever flags (D); a super user of the space counts as the level above
# the highest, the provider's staff as one more (D: staff 5.0).
FLAG_BASE = 1.0
SUPER_USER_LEVEL = 4
STAFF_LEVEL = 5
# D: how often somebody was right counts after this many decided flags, from this share on in their favour, ...
ACCURACY_AFTER = 5
ACCURACY_AXIS = 0.7
# D: ... by at most this, times the logarithm to base 4 of how many were decided.
ACCURACY_FACTOR = 5.0

HIDE_AT = 8.33  # D: five new members, or three regulars
SILENCE_AT = 2.5  # D: of flags for spam or unkindness on all that a newcomer wrote ...
SILENCE_FLAGGERS = 3  # D: ... by this many people
CLOSE_AT = 31.25  # D: of all flags in a thread ...
CLOSE_FLAGGERS = 5  # D: ... by this many people
CLOSE_FOR = timedelta(hours=4)  # D

FLAGS_A_DAY = (10, 20, 30, 40)  # by level; D: 20 from level 1, x 1.5, x 2; O: newcomers may, half as often
FLAGS_A_DAY_TRUSTED = 60  # D: x 3
AGAIN_AFTER = timedelta(hours=24)  # D: the same thing may be flagged again after a decision

# How long a decision may take before it is late, in hours (O; D reminds after 48).
DUE_HOURS = {"flag": 24, "held": 8, "suggested_edit": 72, "member": 24, "promotion": 24, "votes": 120, "appeal": 72}
DUE_OTHERWISE = 72
CLAIM_LASTS = timedelta(hours=2)  # O: what somebody took and left becomes free again

LADDER = (timedelta(hours=24), timedelta(days=3), timedelta(days=7), timedelta(days=30))  # D: 24, 72, 168, 720 hours
LADDER_FORGETS = timedelta(days=365)  # O: earlier measures count this long
APPEAL_WITHIN = timedelta(days=14)  # O
CLEAN_YOUNGER_THAN = timedelta(days=60)  # D: super users clean up after accounts younger than this, ...
CLEAN_POSTS = 15  # D: ... or with at most so many posts; managers after others too
CLEAN_AT_ONCE = 100  # O: more than so many things are hidden by a job, in portions of this size
UNDO_WITHIN = timedelta(days=7)  # O: cleaning up after a spammer can be undone this long


def accuracy_bonus(upheld: int, decided: int) -> float:
    """What earlier flags of a person add to the weight of the next, or take from it.

    Discourse's formula: the distance of the share upheld from the axis, stretched to -1..1, times log4 of the number
    decided, times the factor. Nothing before `ACCURACY_AFTER` flags were decided.
    """
    if decided <= ACCURACY_AFTER:
        return 0.0
    share = upheld / decided
    room = 1 - ACCURACY_AXIS if share > ACCURACY_AXIS else ACCURACY_AXIS
    return (share - ACCURACY_AXIS) / room * math.log(decided, 4) * ACCURACY_FACTOR


def flag_weight(level: int, reason: str, *, upheld: int, decided: int) -> float:
    """What one flag counts; never below 0."""
    return max(0.0, FLAG_BASE + level + REASONS[reason].bonus + accuracy_bonus(upheld, decided))


def flags_a_day(level: int) -> int:
    """How many flags somebody of this level may set within 24 hours."""
    return FLAGS_A_DAY[level] if level < len(FLAGS_A_DAY) else FLAGS_A_DAY_TRUSTED


def next_step(earlier: int) -> timedelta:
    """How long a silence or suspension lasts after `earlier` ones within the last year."""
    return LADDER[min(earlier, len(LADDER) - 1)]


@dataclass(frozen=True)
class Pace:
    """How much and how fast somebody may write; 0 is no limit. Times in seconds between two of one person."""

    threads_a_day: int = 0
    replies_a_day: int = 0
    edits_a_day: int = 0
    profiles_a_day: int = 0
    replies_a_thread: int = 0
    links: int = 0
    images: int = 0
    mentions: int = 0
    between_threads: int = 0
    between_posts: int = 0


# D, but O for the words of a profile: what somebody of level 0 may do within a day after their first post, ...
FIRST_DAY = Pace(3, 10, 30, 5, replies_a_thread=3, links=2, images=1, mentions=2, between_threads=120, between_posts=30)
# D: ... after that, ...
NEWCOMER = Pace(20, 0, 30, 5, replies_a_thread=3, links=2, images=1, mentions=2, between_threads=120, between_posts=30)
# D: ... and everybody else; staff and super users of the space write as they like.
MEMBER_PACE = Pace(20, 0, 30, 5, between_threads=15, between_posts=5)


@dataclass(frozen=True)
class Holding:
    """What a person looks at before others can read it, from people of level 0; 0 is never.

    `first_posts`: that many first ones of everybody below staff; `newcomer_links`: with that many links or more;
    `seconds`: a first post whose form was open for less; `alike`: from that many percent on like something recent.
    """

    first_posts: int = 0
    newcomer_links: int = 0
    seconds: int = 0
    alike: int = 0


HOLDING = Holding(first_posts=0, newcomer_links=0, seconds=3, alike=90)  # D: 0, none, 3000 ms; O: alike
HOLDS_NOTHING = Holding()
ALIKE_WITHIN = timedelta(days=7)  # O: compared with what the person wrote ...
ALIKE_OTHERS_WITHIN = timedelta(hours=24)  # O: ... and with what newcomers wrote
ALIKE_SHORTEST = 20  # O: shorter ones are often alike without harm
