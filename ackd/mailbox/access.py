"""From the section `mailbox` of the configuration to how the mailbox is reached."""

from __future__ import annotations

from ackd.config import Config
from ackd.model.access import Access, OAuth


def access_of(config: Config, secret: str) -> Access:
    """How the mailbox of a configuration is reached, with the secret from where it is kept."""
    box = config.mailbox
    return Access(
        address=box.address,
        endpoint=box.endpoint,
        username=box.username,
        password=secret,
        auth=box.auth,
        ca_bundle=str(box.ca_bundle) if box.ca_bundle else None,
        proxy=box.proxy,
        kind=box.kind,
        oauth=_oauth(config),
        impersonates=box.impersonate,
    )


def _oauth(config: Config) -> OAuth | None:
    box, internal = config.mailbox, config.internal
    if box.authority is None or box.client_id is None or box.sign_in is None:
        return None
    return OAuth(
        authority=box.authority,
        client_id=box.client_id,
        way=box.sign_in,
        state=config.state_directory,
        certificate=box.certificate,
        in_keyring=box.tokens == "keyring",
        asks_directory=bool(internal.groups or internal.authenticated_by_tenant or config.named_groups),
    )
