"""`ackd demo`: a small company in a sandbox, a morning of mail, and what ackd makes of it."""
