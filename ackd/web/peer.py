"""Which user of this machine is at the other end of a connection, where the system tells (Linux).

Everybody on the machine can connect to a port on loopback. A key and a cookie keep others out; this keeps
them out too where they have read the key from a screen or a list of processes.
"""

from __future__ import annotations

import os
from pathlib import Path

#: The kernel's tables of connections (proc_pid_net(5)); a program may speak IPv4 by a socket of IPv6.
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED = "01"
_MAPPED = "0000000000000000FFFF0000"


def is_foreign(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Whether the connection from `client` is known to be of another user than ours and root."""
    uid = _uid_of(_spelled(client), _spelled(server))
    return uid is not None and uid not in (os.geteuid(), 0)


def _uid_of(local: str, remote: str) -> int | None:
    wanted = {(local, remote), (_MAPPED + local, _MAPPED + remote)}
    for table in _TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except (OSError, ValueError):
            continue
        for line in lines:
            cells = line.split()
            # one that its user closed has no user any more
            if len(cells) > 7 and (cells[1], cells[2]) in wanted and cells[3] == _ESTABLISHED:
                return int(cells[7])
    return None


def _spelled(end: tuple[str, int]) -> str:
    """An address and a port as the kernel writes them: the address's bytes backwards."""
    address, port = end
    return "".join(f"{int(part):02X}" for part in reversed(address.split("."))) + f":{port:04X}"
