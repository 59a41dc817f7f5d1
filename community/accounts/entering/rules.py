"""Rules about mail domains and networks: which one fits, and what it means for whoever wants to join or to write."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select

from community.core.cache import cache
from community.core.db import db, insert_once

from .models import Effect, EntryRule, EntrySettings, Mode, Registration, RuleKind

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
REMEMBER_SECONDS = 60
NETWORKS = "entry.networks"
MOST_NETWORKS = 500
EFFECTS = {
    RuleKind.DOMAIN: (Effect.REFUSE, Effect.HOLD, Effect.ONLY),
    RuleKind.NETWORK: (Effect.REFUSE, Effect.HOLD, Effect.READ_ONLY),
}


@dataclass(frozen=True)
class Verdict:
    """What happens to a registration: `refuse`, `hold` or nothing, and by which rule: domain, network, approval."""

    effect: str = ""
    by: str = ""

    @property
    def refuses(self) -> bool:
        """Whether nobody can join so."""
        return self.effect == Effect.REFUSE


WELCOME = Verdict()


def settings() -> EntrySettings:
    """How registering works here; where nothing was chosen: open, five invitations a month."""
    return db.session.get(EntrySettings, 1) or EntrySettings(id=1, mode=Mode.OPEN.value, question="", invitations=5)


def judge(email: str, address: str) -> Verdict:
    """What rules say of an e-mail address and of where the request comes from. Asks nobody whether it is known."""
    for by, effect in (("domain", effect_on_domain(domain_of(email))), ("network", effect_on_network(address))):
        if effect in (Effect.REFUSE, Effect.READ_ONLY):
            return Verdict(Effect.REFUSE, by)
    if effect_on_domain(domain_of(email)) == Effect.HOLD:
        return Verdict(Effect.HOLD, "domain")
    if effect_on_network(address) == Effect.HOLD:
        return Verdict(Effect.HOLD, "network")
    return Verdict(Effect.HOLD, "approval") if settings().mode == Mode.APPROVAL else WELCOME


def effect_on_domain(domain: str) -> str:
    """The effect of the narrowest rule about a domain or what it is below; "" where nothing stands against it."""
    parts = domain.split(".")
    names = [".".join(parts[start:]) for start in range(len(parts))]
    domains = select(EntryRule).where(EntryRule.kind == RuleKind.DOMAIN)
    found = {rule.value: rule.effect for rule in db.session.scalars(domains.where(EntryRule.value.in_(names)))}
    effect = next((found[name] for name in names if name in found), "")
    if effect:
        return "" if effect == Effect.ONLY else effect
    others = db.session.scalar(select(EntryRule.id).where(EntryRule.effect == Effect.ONLY).limit(1))
    return Effect.REFUSE.value if others is not None else ""


def effect_on_network(address: str) -> str:
    """The effect of the narrowest network around an address; "" where there is none. Remembered for a minute."""
    reached = _ip(address)
    rules = _networks()
    if reached is None or not rules:
        return ""
    around = [(net, effect) for net, effect in rules if net.version == reached.version and reached in net]
    return max(around, key=lambda pair: pair[0].prefixlen)[1] if around else ""


def _ip(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        reached = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return None
    return (reached.ipv4_mapped or reached) if isinstance(reached, ipaddress.IPv6Address) else reached


def _networks() -> list[tuple[Network, str]]:
    known: list[tuple[str, str]] | None = cache().get(NETWORKS)
    if known is None:
        rows = select(EntryRule.value, EntryRule.effect).where(EntryRule.kind == RuleKind.NETWORK)
        known = [(value, effect) for value, effect in db.session.execute(rows)]
        cache().set(NETWORKS, known, timeout=REMEMBER_SECONDS)
    return [(ipaddress.ip_network(value), effect) for value, effect in known]


def domain_of(email: str) -> str:
    """The domain of an address, as rules keep it."""
    return tidy_domain(email.rpartition("@")[2])


def tidy_domain(text: str) -> str:
    """A domain in lower case and in its ASCII form, without what people write before it; "" where it is none."""
    name = text.strip().lower().removeprefix("*.").rpartition("@")[2].strip(".")
    try:
        plain = name.encode("idna").decode()
    except UnicodeError:
        return ""
    labels = plain.split(".")
    fine = all(label and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    return plain if fine and len(plain) <= 253 and len(labels) > 1 else ""


def tidy_network(text: str) -> str:
    """A network, or one address, in its usual form; "" where it is none."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return ""
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= 96:
        inner = network.network_address.ipv4_mapped
        network = ipaddress.ip_network(f"{inner}/{network.prefixlen - 96}") if inner else network
    return str(network)


def add(kind: str, values: Iterable[str], effect: str, *, note: str, by_id: int | None) -> int:
    """Keep rules, those that were there already with the effect they have now; how many are new."""
    made = 0
    for value in dict.fromkeys(values):
        if insert_once(EntryRule, kind=kind, value=value, effect=effect, note=note, added_by_id=by_id):
            made += 1
            continue
        rule = db.session.scalars(select(EntryRule).where(EntryRule.kind == kind, EntryRule.value == value)).one()
        rule.effect, rule.note = effect, note
    cache().delete(NETWORKS)
    return made


def remove(rule_id: int) -> None:
    """Forget a rule."""
    db.session.execute(delete(EntryRule).where(EntryRule.id == rule_id))
    cache().delete(NETWORKS)


def registration_of(member_id: int) -> Registration | None:
    """How a member came here; None for those who came before this was kept, by an import or by an operator."""
    return db.session.scalar(select(Registration).where(Registration.member_id == member_id))
