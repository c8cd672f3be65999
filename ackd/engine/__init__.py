"""One pass over one mailbox: from an arriving mail to a kept promise. Knows no files and no process."""
