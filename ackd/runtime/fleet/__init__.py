"""Many mailboxes, served by any number of workers on one or several machines: the queue is procrastinate's,
the pass the same as one mailbox's."""
