"""The options of `ackd init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Text = str | None
_Texts = list[str] | None
AddressOption = Annotated[_Text, typer.Option("--address", help="Your mail address.")]
AliasOption = Annotated[_Texts, typer.Option("--alias", help="Another address of yours. Repeatable.")]
EndpointOption = Annotated[
    _Text, typer.Option("--endpoint", help="Your mail server, its address of EWS, or autodiscover.")
]
KindOption = Annotated[
    _Text, typer.Option("--kind", help="ews (a server of your own) or graph (Exchange Online).")
]
AuthorityOption = Annotated[
    _Text,
    typer.Option(
        "--authority", metavar="TENANT", help="For graph: your tenant's domain or id, or its address."
    ),
]
ClientOption = Annotated[
    _Text,
    typer.Option("--client-id", metavar="ID", help="For graph: the registration's Application (client) ID."),
]
SignInOption = Annotated[
    _Text, typer.Option("--sign-in", help="For graph: browser, device, certificate or secret.")
]
CertificateOption = Annotated[
    _Text,
    typer.Option("--certificate", metavar="FILE", help="For graph: the app's key and certificate (PEM)."),
]
SharedOption = Annotated[
    bool, typer.Option("--shared", help="For graph: the mailbox is another's, which was opened to you.")
]
AuthOption = Annotated[
    _Text, typer.Option("--auth", help="auto (the safest that the server offers), basic, ntlm or kerberos.")
]
UserOption = Annotated[_Text, typer.Option("--username", help="The name to sign in with.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of the input.")
]
FromOption = Annotated[
    _Text,
    typer.Option(
        "--password-from",
        metavar="env:NAME|file:PATH|keyring:NAME",
        help="Where the password is kept already; nothing is stored then.",
    ),
]
KeepOption = Annotated[
    _Text, typer.Option("--keep", help="Where to keep the password: keyring, file or credential (systemd's).")
]
CaOption = Annotated[Path | None, typer.Option("--ca-bundle", help="In-house certificates to trust (PEM).")]
TrustOption = Annotated[
    _Texts,
    typer.Option(
        "--trust-certificate",
        metavar="SHA256",
        help="Trust the server's certificate with this SHA-256, though nobody vouches for it. Repeatable.",
    ),
]
ProxyOption = Annotated[_Text, typer.Option("--proxy", help="An HTTP proxy's address, or direct.")]
NameOption = Annotated[_Text, typer.Option("--name", help="How you sign letters.")]
GreetedOption = Annotated[
    _Texts, typer.Option("--greeted", help="A given name or nickname that colleagues greet. Repeatable.")
]
DomainOption = Annotated[_Texts, typer.Option("--domain", help="Colleagues' domain. Repeatable.")]
TenantOption = Annotated[
    _Text,
    typer.Option(
        "--authenticated-by-tenant",
        metavar="ID",
        help="The tenant whose marks prove a sender where the server sets no stamp. It has a risk.",
    ),
]
ZoneOption = Annotated[_Text, typer.Option("--time-zone", help="mailbox, or an IANA name.")]
HoursOption = Annotated[
    _Text, typer.Option("--working-hours", help="mailbox, or such as 'mon-thu 09:00-17:00; fri 09:00-15:00'.")
]
CountryOption = Annotated[_Text, typer.Option("--country", help="Whose holidays you keep, such as DE; none.")]
PartOption = Annotated[_Text, typer.Option("--subdivision", help="Its part, such as BY.")]
LanguageOption = Annotated[
    _Text, typer.Option("--language", help="Letters in: asker, or a language by its two letters.")
]
StateOption = Annotated[Path | None, typer.Option("--state", help="The directory of ledger and caches.")]
YesOption = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help="Ask nothing: take what was found; sign in only at hosts below your address's domain.",
    ),
]
AnewOption = Annotated[
    bool, typer.Option("--anew", help="Don't propose what was answered in an earlier try.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a configuration that is there.")]
