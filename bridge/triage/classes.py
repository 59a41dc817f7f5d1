"""The eight classes of queries, and the scales that weigh them."""

from enum import StrEnum


class QueryClass(StrEnum):
    """What a demand on the provider is; decides which practice handles it."""

    INCIDENT = "incident"
    DISASTER = "disaster"
    SERVICE_REQUEST = "service_request"
    CHANGE_REQUEST = "change_request"
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    IMPROVEMENT = "improvement_suggestion"
    SUSPICIOUS = "suspicious_activity"


ONLY_A_QUESTION = "question"

IMPACTS = (1, 2, 3)
URGENCIES = (1, 2, 3)
CRITICAL, HIGH, MEDIUM, LOW = PRIORITIES = (1, 2, 3, 4)
