"""A sign-in from its beginning to its end: asked for, looked at, kept."""

from __future__ import annotations

from ackd.errors import AccessBlocked, ConfigError
from ackd.mailbox.sign_in import scopes, tokens_of
from ackd.mailbox.sign_in.answers import COMMAND
from ackd.mailbox.sign_in.asking_person import Person, ask_person, keep
from ackd.mailbox.sign_in.held import GivenToken
from ackd.mailbox.tokens import Tokens
from ackd.model.access import Access, MailboxKind, SignedIn, SignInWay, Talk
from ackd.ports import Clock


def sign_in(access: Access, clock: Clock, talk: Talk, way: SignInWay, *, shared: bool) -> SignedIn:
    """See `ackd.mailbox.sign_in_person`."""
    oauth = access.oauth
    if oauth is None:
        raise ConfigError("mailbox.authority: this mailbox isn't signed in to by tokens")
    if oauth.way.is_app:
        _look(access, clock, tokens_of(access, oauth, clock.ticks), "")
        return SignedIn("", False, (scopes.of_app(access),), "")
    person = ask_person(access, oauth, way, talk, shared=shared)
    is_owner = _is_owner(access, clock, person)
    place = keep(person, access, oauth, is_owner=is_owner)
    return SignedIn(person.name, is_owner, person.scopes, str(place))


def _is_owner(access: Access, clock: Clock, person: Person) -> bool:
    """Whether the mailbox is the person's own. Raises AccessBlocked where they may not open it."""
    try:
        return _look(access, clock, GivenToken(person.token), person.name)
    except AccessBlocked as error:
        shared = access.kind is MailboxKind.GRAPH  # EWS has no other permissions for it
        other = f", or, where it was opened to {person.name}: {COMMAND} --shared" if shared else ""
        raise AccessBlocked(
            f"{person.name} signed in, and may not open the mailbox {access.address}, so nothing was kept "
            f"({error}): sign in as its owner{other}"
        ) from error


def _look(access: Access, clock: Clock, tokens: Tokens, person: str) -> bool:
    """Open the mailbox's inbox; returns whether it is the signed-in person's own. Raises AckdError."""
    if access.kind is MailboxKind.GRAPH:
        from ackd.mailbox.graph import whose

        return whose.look(access, tokens, person, clock)
    from ackd.mailbox.ews import whose as by_ews

    return by_ews.look(access, tokens, person)
