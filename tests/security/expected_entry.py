"""Who may do what with joining, invitations and the spam service; as `expected.py`."""

from tests.security.expected import Route, fixed, one_of, operates, signed_in

ENTRY: dict[tuple[str, str], Route] = {
    ("GET", "joining.accept"): Route(public=True, args=fixed(token="nonsense"), good=410),
    ("POST", "joining.accept"): Route(public=True, args=fixed(token="nonsense"), good=410),
    ("GET", "invitations.index"): signed_in,
    ("POST", "invitations.index"): Route(
        may=one_of("mod", "farmod", "agent", "manager", "admin"), data={"email": "anew@example.org"}
    ),
    ("POST", "invitations.revoke"): Route(may=one_of(), args=fixed(invitation_id=10**6), good=404),
    ("GET", "entry.index"): operates,
    ("POST", "entry.index"): Route(may=one_of("admin"), data={"mode": "approval", "invitations": "3"}),
    ("GET", "entry.rules_of"): Route(may=one_of("admin"), args=fixed(kind="domain")),
    ("POST", "entry.rules_of"): Route(
        may=one_of("admin"),
        args=fixed(kind="domain"),
        data={"domain-values": "throwaway.example", "domain-effect": "refuse"},
    ),
    ("GET", "spam_service.index"): operates,
    ("POST", "spam_service.index"): Route(
        may=one_of("admin"), data={"base": "https://spam.example", "key": "k", "case_at": "50", "hide_at": "90"}
    ),
    ("GET", "spam_service.sent"): Route(public=True),
    ("POST", "entry.remove"): Route(may=one_of("admin"), args=fixed(rule_id=1), good=404),
}
