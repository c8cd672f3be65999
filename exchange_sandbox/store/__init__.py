"""The sandbox's store: mailboxes, folders and items as property bags in one SQLite file.

Each module works on the connection of a transaction (``db``) that
:class:`~exchange_sandbox.store.database.Store` opened, so that a caller decides what belongs together.
"""
