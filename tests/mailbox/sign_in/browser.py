"""A browser in which a person signs in, as a program for $BROWSER: its arguments are their address, the
certificate to trust, and the page."""

from __future__ import annotations

import sys

from tests.mailbox.sign_in.people import through_pages

if __name__ == "__main__":
    person, trusted, page = sys.argv[1:]
    through_pages(page, person, "agree", trusted)
