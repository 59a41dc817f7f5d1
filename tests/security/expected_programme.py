"""Who may do what with the programme's page and with rules broken on purpose; in this world mod broke one."""

from dataclasses import replace

from tests.security.expected import RUN, STAFF, Route, numbered, one_of, runs

records = Route(may=one_of("mod", "farmod", *STAFF))
# Whoever did it reads it beside the managers; somebody looked at it and wants the rule changed.
broken = Route(may=one_of("mod", *RUN), args=numbered("deviation_id", "deviation"))
changes = replace(broken, may=one_of(*RUN))
told = {"rule": "charter", "which": "One question a thread", "why": "Because", "done": "Five", "space": "home"}

PROGRAMME: dict[tuple[str, str], Route] = {
    ("GET", "programme.overview"): runs,
    ("POST", "programme.count_again"): runs,
    ("GET", "deviations.list_"): records,
    ("GET", "deviations.new"): records,
    ("POST", "deviations.new"): replace(records, data=told),
    ("GET", "deviations.page"): broken,
    ("POST", "deviations.change_rule"): replace(changes, data={"to": "Up to five", "on": "2026-11-22"}),
    ("POST", "deviations.make_idea"): replace(
        changes, data={"title": "A better rule", "body": "Words enough", "idea_space": "home"}
    ),
}
