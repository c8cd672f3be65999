"""Mail on its way between mailboxes: submission, rules, automatic replies, receipts."""
