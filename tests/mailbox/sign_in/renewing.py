"""A process that has its tokens renewed again and again; its arguments: AUTHORITY APP STATE CA ROUNDS. A
line for each token, or for what went wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from ackd.clock import SystemClock
from ackd.errors import AckdError
from ackd.mailbox.sign_in import tokens_of
from ackd.model.access import Access, Auth, MailboxKind, OAuth, SignInWay

CLAIMS = '{"access_token": {"nbf": {"essential": true, "value": "1604106651"}}}'


def main(authority: str, client: str, state: str, trusted: str, rounds: str) -> None:
    oauth, address = OAuth(authority, client, SignInWay.DEVICE, Path(state)), "alice@corp.example"
    access = Access(address, authority, address, "", Auth.OAUTH, trusted, kind=MailboxKind.GRAPH, oauth=oauth)
    found = tokens_of(access, oauth, SystemClock().ticks)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(rounds)):
        try:
            print(found.token(claims=CLAIMS), flush=True)
        except AckdError as error:
            print(f"failed: {error}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
