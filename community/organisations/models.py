"""Organisations and the mail domains that lead to them. Whose a member is stands with the member."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.core.db import Base, utcnow


class MailDomain(Base):
    """Confirmed addresses in this domain, given in its ASCII form, belong to the organisation."""

    __tablename__ = "organisation_domain"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)


class Organisation(Base):
    """A customer or another body of people. `service_level` is a word of the provider's own, such as gold."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    service_level: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    domains: Mapped[list[MailDomain]] = relationship(cascade="all, delete-orphan", order_by=MailDomain.domain)

    @property
    def mail_domains(self) -> tuple[str, ...]:
        """Its domains in ASCII, sorted."""
        return tuple(sorted(each.domain for each in self.domains))

    def take_domains(self, wanted: tuple[str, ...]) -> None:
        """Have these domains, in their ASCII form, and no others."""
        kept = [each for each in self.domains if each.domain in wanted]
        fresh = set(wanted) - {each.domain for each in kept}
        self.domains = [*kept, *(MailDomain(domain=domain) for domain in sorted(fresh))]
