"""The numbers of the programme in one table. Those of candidates stand with their evidence, and are the same here."""

import math
from datetime import timedelta

from community.superusers.appointing.evidence import ACCEPTED_WANTED
from community.superusers.duty.workload import LEAST_ANSWERS, MOST_SHARE

NEAR = ACCEPTED_WANTED // 2  # from so many accepted answers on somebody is shown, with what is missing
MOST_CANDIDATES = 100
LOAD_WITHIN = timedelta(days=90)
LOAD_MARKED = MOST_SHARE  # of the answers of a space by one person
LOAD_FROM = LEAST_ANSWERS  # answers of one person, before their share says anything
MOST_LOADS = 5  # people shown for each space
QUESTIONS_WITHIN = timedelta(days=28)
ENDING_WITHIN = timedelta(days=90)
NEW_FOR = timedelta(days=14)  # somebody appointed is new for so long
LEAST = 2
MEMBERS_EACH = 1000
QUESTIONS_EACH = 50  # a week
COUNT_STANDS = timedelta(minutes=15)  # a count that did not end by then is given up


def target_size(members: int, questions_a_week: float) -> int:
    """How many super users there should be: two at least, one for 1,000 members, one for 50 questions a week."""
    return max(LEAST, math.ceil(members / MEMBERS_EACH), math.ceil(questions_a_week / QUESTIONS_EACH))
