"""Where the page listens: on this machine only, on the port asked for or the next free one."""

import errno
import ipaddress
import os
import socket

TRIES = 20


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to `port` of this machine, or to the first free one of the next 20 (0: any).

    Raises ValueError for a host that other machines could reach, and OSError where no port is free.
    """
    family, address = loopback(host)
    for candidate in range(port, port + (TRIES if port else 1)):
        taken = _try(family, address, candidate)
        if taken:
            return taken
    raise OSError(errno.EADDRINUSE, f"no free port from {port} to {port + TRIES - 1}")


def loopback(host: str) -> tuple[socket.AddressFamily, str]:
    """Return the family and the numeric address of a loopback host. Raises ValueError for any other."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise ValueError(f"the page only listens on this machine (127.0.0.1), not on {host!r}")
    return (socket.AF_INET if address.version == 4 else socket.AF_INET6), str(address)


def _try(family: socket.AddressFamily, address: str, port: int) -> socket.socket | None:
    bound = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere the option lets a second program take a port in use
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
        bound.listen(128)  # two sockets may be bound with the option; only one may listen
    except OSError as error:
        bound.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None
    return bound
