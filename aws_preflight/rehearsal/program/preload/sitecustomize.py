"""Loaded before the code of components in Python: it reaches nothing but this machine, and is told so at once.

What goes through a proxy, as most code does, is answered there; this is for the rest.
"""

import contextlib
import errno
import ipaddress
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec


def _is_here(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    if text in ("", "None", "localhost"):
        return True
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(text.partition("%")[0])
        return address.is_loopback or address.is_unspecified
    return False


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_here(host):
        with open(os.environ["REHEARSAL_REFUSED"], "a", encoding="utf-8") as refused:
            refused.write(f"{host}\n")
        message = f"a rehearsal reaches nothing real: the code of a component asked for {host}"
        raise ConnectionRefusedError(errno.ECONNREFUSED, message)


if "REHEARSAL_REFUSED" in os.environ:
    sys.addaudithook(_guard)

# An environment may have a module of this name itself.
_others = [place for place in sys.path if place != os.path.dirname(__file__)]
if (_spec := PathFinder.find_spec("sitecustomize", _others)) and _spec.loader:
    _spec.loader.exec_module(module_from_spec(_spec))
