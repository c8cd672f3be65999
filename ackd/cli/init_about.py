"""The part of `ackd init` that asks about the owner and the colleagues, with what the mailbox says as the
proposal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ackd.cli import init_readers as readers
from ackd.cli.init_readers import NONE
from ackd.cli.questions import Questions

if TYPE_CHECKING:
    from ackd.model.access import Access
    from ackd.runtime.onboarding import Chosen, Found


def tell(access: Access, found: Found) -> None:
    """What the mailbox says."""
    from ackd.runtime.onboarding import hours_words
    from ackd.views.stamps import numbers

    settings, card = found.settings, found.card
    typer.echo(f"Signed in by {access.auth}: {access.endpoint}, {found.version}. The mailbox says:")
    for what, value in (
        ("name", card.name),
        ("language", card.language),
        ("time zone", settings.zone),
        ("working hours", hours_words(settings)),
    ):
        typer.echo(f"  {what}: {value or 'nothing (set it in Outlook, or in the configuration)'}")
    typer.echo(f"  {numbers(found.stamps(access.address, found.domains))}")


def choose(questions: Questions, access: Access, found: Found, state: Path | None) -> Chosen:
    """All of it."""
    from ackd.config.schema.base import LANGUAGES
    from ackd.config.schema.follow_up import ASKER
    from ackd.runtime.onboarding import Chosen

    ask = questions.ask
    aliases = ask("--alias", "Your other addresses, with commas (or none)", NONE, readers.aliases)
    name = ask("--name", "Your name below letters", found.card.name or "", readers.name)
    names = _names(questions, access, name)
    words = "Colleagues' domains, with commas"
    domains = ask("--domain", words, ", ".join(found.domains), readers.domains)
    zone, likely_land = _zone(questions, found)
    hours = _hours(questions, found)
    country, part = _holidays(questions, likely_land)
    words = f"Letters in ({ASKER}: the mail's own language; or {', '.join(LANGUAGES)})"
    language = ask("--language", words, ASKER, readers.language)
    tenant = _tenant(questions, found, access, domains)
    lists = tuple(names), tuple(aliases), tuple(domains)
    return Chosen(name, *lists, zone, hours, country, part, language, state, tenant)


def _names(questions: Questions, access: Access, name: str) -> list[str]:
    """Nothing is guessed for a script: the parts of the name are known anyhow."""
    from ackd.runtime.onboarding import given_name

    first = NONE if questions.silent else given_name(access.address, name) or NONE
    words = "Your given name and nicknames, as colleagues greet you, with commas (or none)"
    return questions.ask("--greeted", words, first, readers.names)


def _zone(questions: Questions, found: Found) -> tuple[str, str]:
    """The time zone to write down ("" leaves it to the mailbox), and the country that it is in. One that only
    stands in is proposed to nobody: `ackd check` goes on telling that none is known."""
    from ackd import zones
    from ackd.config.hours import MAILBOX
    from ackd.runtime.onboarding import likely_country

    told, option = found.settings.zone, "--time-zone"
    zone: str = MAILBOX
    if option in questions.given or not told:
        own = zones.of_machine()
        words = "Your time zone" if own else "Your time zone (this machine's isn't known)"
        zone = questions.ask(option, words, own.key if own else MAILBOX, readers.zone)
    return ("" if zone == MAILBOX else zone), likely_country(told if zone == MAILBOX else zone)


def _hours(questions: Questions, found: Found) -> dict[str, str] | None:
    """The working hours to write down; None leaves them to the mailbox."""
    option = "--working-hours"
    if option not in questions.given and found.settings.hours:
        return None
    return questions.ask(option, "Your working hours", "mon-fri 09:00-17:00", readers.week)


def _holidays(questions: Questions, proposal: str) -> tuple[str, str]:
    """Country and part, "" for none."""
    from ackd.runtime.onboarding import parts_of

    words = "Country whose holidays you keep (or none)"
    country = questions.ask("--country", words, proposal or NONE, readers.country)
    parts, option = parts_of(country) if country else (), "--subdivision"
    if option not in questions.given and not parts:
        return country, ""
    words = f"Its part, where holidays differ (such as {', '.join(parts[:3])}; or none)"
    return country, questions.ask(option, words, NONE, readers.subdivision(country))


def _tenant(questions: Questions, found: Found, access: Access, domains: list[str]) -> str:
    """Whose marks prove a sender where the server sets no stamp, "" for nobody's: never without a yes."""
    from ackd.views.stamps import offered, proposed_tenant

    option = "--authenticated-by-tenant"
    if option in questions.given:
        return questions.ask(option, "Tenant", None, readers.tenant)
    stamps = found.stamps(access.address, domains)
    proposal = proposed_tenant(stamps, found.tenant)
    if not proposal or questions.silent:
        return ""
    typer.echo(
        f"Mail of your colleagues comes without the server's stamp. You can {offered(stamps, found.tenant)}."
    )
    return proposal if questions.is_agreed("Let these marks count?") else ""
