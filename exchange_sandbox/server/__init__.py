"""The sandbox as a server: its data directory, the wire, sign-in, throttling, what was asked."""
