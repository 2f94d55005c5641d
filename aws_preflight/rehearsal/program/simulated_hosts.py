"""The hosts of the simulated AWS that code asks by itself: an EKS cluster, and the issuer of its tokens.

One port of this machine answers for all of them, to whoever speaks TLS there or comes as to a proxy. A proxy is what
code in every language can be told of; it refuses any other host, and says which one was asked for.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_PRELOAD = Path(__file__).with_name("preload")
AUTHORITY = Path(__file__).with_name("simulated-aws-authority.pem")
CERTIFICATE = Path(__file__).with_name("simulated-aws.pem")
"""The certificate with its chain and key, made by `tools/generate/certificate.py`."""

_ANSWERED = r"^(oidc\.eks\.[a-z0-9-]+|[0-9a-f]{32}\.gr7\.[a-z0-9-]+\.eks)\.amazonaws\.com(\.cn)?$"
"""The names that `services/eks.py` gives to hosts; JavaScript reads the same expression."""

_TLS = b"\x16"
_LONGEST_HEAD = 65536
_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.05
_REASON = "a rehearsal reaches nothing real: the code of a component asked for"


class SimulatedHosts:
    """A server for the hosts of the simulated AWS, as long as a rehearsal runs."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._refused = home / "refused-hosts.txt"
        self._server = _Server(("127.0.0.1", 0), _Visit)
        self._server.refused = self._refused
        self._port: int = self._server.server_address[1]
        # How long the end of a rehearsal waits for the server at most.
        threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()

    def stop(self) -> None:
        """Answers nobody any more."""
        self._server.shutdown()
        self._server.server_close()

    def refused(self) -> list[str]:
        """The hosts that the code of components asked for in vain."""
        lines = self._refused.read_text(encoding="utf-8").splitlines() if self._refused.exists() else []
        return sorted(set(lines))

    def for_program(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What leads a program of the user here that runs in Node.js, where it asks a host of the simulated AWS."""
        return {
            "NODE_OPTIONS": with_preload("network.cjs", environment.get("NODE_OPTIONS", "")),
            "NODE_EXTRA_CA_CERTS": self._authorities(environment.get("NODE_EXTRA_CA_CERTS")),
            "REHEARSAL_HOSTS": _ANSWERED,
            "REHEARSAL_PORT": str(self._port),
        }

    def for_components(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What leads the code of components here, whatever host it asks for; `environment` is a program's own."""
        proxy = f"http://127.0.0.1:{self._port}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
        proxies = dict(zip(names, (proxy, proxy, proxy, "127.0.0.1,localhost,::1"), strict=True))
        search = [str(_PRELOAD), *filter(None, [environment.get("PYTHONPATH")])]
        return {
            **{name.lower(): value for name, value in proxies.items()},
            **proxies,
            **dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(AUTHORITY)),
            "PYTHONPATH": os.pathsep.join(search),
            "REHEARSAL_REFUSED": str(self._refused),
        }

    def _authorities(self, inherited: str | None) -> str:
        """A file with the authority of the simulated AWS, and those that the user has Node.js trust."""
        if inherited is None:
            return str(AUTHORITY)
        own = b""
        with contextlib.suppress(OSError):
            own = Path(inherited).read_bytes() + b"\n"
        together = self._home / "authorities.pem"
        together.write_bytes(own + AUTHORITY.read_bytes())
        return str(together)


def with_preload(name: str, options: str) -> str:
    """The options of Node.js, and a file of this package that is loaded before any code."""
    quoted = str(_PRELOAD / name).replace("\\", "\\\\").replace('"', '\\"')
    return f'{options} --require "{quoted}"'.lstrip()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    refused: Path

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle is nobody's business."""


class _Visit(socketserver.BaseRequestHandler):
    """One connection: a request to a proxy first, where it does not begin with TLS."""

    request: socket.socket
    server: _Server

    def handle(self) -> None:
        self.request.settimeout(_PATIENCE_SECONDS)
        if self.request.recv(1, socket.MSG_PEEK) != _TLS and not self._is_let_through():
            return
        with _context().wrap_socket(self.request, server_side=True) as connection:
            connection.sendall(_answer(_request(connection)))

    def _is_let_through(self) -> bool:
        """Answers as a proxy; whether the host is one of the simulated AWS."""
        method, _, target = _request(self.request).partition(" ")
        host = _host(method, target)
        if method == "CONNECT" and re.match(_ANSWERED, host):
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return True
        with self.server.refused.open("a", encoding="utf-8") as file:
            file.write(f"{host}\n")
        # Most code shows the status of a proxy and not what comes with it.
        self.request.sendall(_response(f"403 {_REASON} {host}", f"{_REASON} {host}\n"))
        return False


@cache
def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def _request(connection: socket.socket) -> str:
    """The first line of a request; "" where none comes."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
        piece = connection.recv(_LONGEST_HEAD)
        if not piece:
            return ""
        head += piece
    return head.partition(b"\r\n")[0].decode("latin-1")


def _host(method: str, target: str) -> str:
    """The host of a request to a proxy: `CONNECT host:port`, or `GET http://host/path`."""
    address = target.partition(" ")[0]
    if method != "CONNECT":
        address = re.sub(r"^\w+://", "", address).partition("/")[0]
    return re.sub(r":\d*$", "", address).strip("[]").lower()


def _answer(line: str) -> bytes:
    """A cluster is well; of anything else there is nothing."""
    healthy = re.match(r"GET /(healthz|livez|readyz)\b", line) is not None
    return _response("200 OK", "ok") if healthy else _response("404 Not Found", "not simulated\n")


def _response(status: str, body: str) -> bytes:
    content = body.encode()
    # A connection that stays open would hold up the end of code that does not read its answer.
    fields = ("Content-Type: text/plain", f"Content-Length: {len(content)}", "Connection: close")
    return "\r\n".join((f"HTTP/1.1 {status}", *fields, "", "")).encode() + content
