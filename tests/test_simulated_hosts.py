"""What code asks the hosts of the simulated AWS is answered on this machine, and every other host is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.simulated_hosts import AUTHORITY, SimulatedHosts

ISSUER = "https://oidc.eks.eu-central-1.amazonaws.com/"
CLUSTER = f"https://{'0A' * 16}.gr7.us-west-2.eks.amazonaws.com/healthz"

NODE = """
const https = require("https");
const agent = new https.Agent({ maxCachedSessions: 0 });
https.get(process.argv[1], { agent }, answer => console.log(answer.statusCode))
    .on("error", error => console.log(error.message));
"""
PYTHON = """
import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(sys.argv[1]).status)
except urllib.error.HTTPError as error:
    print(error.code)
except OSError as error:
    print(error)
"""
SOCKET = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 443))
except OSError as error:
    print(error)
"""
COMMANDS = {"node": ["node", "-e", NODE], "python": [sys.executable, "-c", PYTHON]}


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[SimulatedHosts]:
    served = SimulatedHosts(tmp_path)
    yield served
    served.stop()


def of_program(hosts: SimulatedHosts) -> dict[str, str]:
    return {**os.environ, **hosts.for_program(os.environ)}


def of_component(hosts: SimulatedHosts) -> dict[str, str]:
    environment = of_program(hosts)
    return {**environment, **hosts.for_components(environment)}


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("language", COMMANDS)
@pytest.mark.parametrize(("url", "status"), [(ISSUER, "404"), (CLUSTER, "200")])
def test_a_component_gets_an_answer_of_a_cluster(hosts: SimulatedHosts, language: str, url: str, status: str) -> None:
    assert run([*COMMANDS[language], url], of_component(hosts)) == status
    assert hosts.refused() == []


def test_so_does_a_program_in_node(hosts: SimulatedHosts) -> None:
    assert run([*COMMANDS["node"], CLUSTER], of_program(hosts)) == "200"


@pytest.mark.parametrize("language", COMMANDS)
def test_a_component_reaches_no_other_host(hosts: SimulatedHosts, language: str) -> None:
    said = run([*COMMANDS[language], "https://api.example.org/"], of_component(hosts))
    assert "a rehearsal reaches nothing real: the code of a component asked for api.example.org" in said
    assert hosts.refused() == ["api.example.org"]


@pytest.mark.parametrize("host", ["api.example.org", "192.0.2.1"])
def test_nor_past_the_proxy(hosts: SimulatedHosts, host: str) -> None:
    said = run([sys.executable, "-c", SOCKET, host], of_component(hosts))
    assert said.endswith(f"a rehearsal reaches nothing real: the code of a component asked for {host}")
    assert hosts.refused() == [host]


def test_plain_http_is_refused_too(hosts: SimulatedHosts) -> None:
    assert run([*COMMANDS["python"], "http://api.example.org:8080/x"], of_component(hosts)) == "403"
    assert hosts.refused() == ["api.example.org"]


def test_a_module_of_the_same_name_is_loaded_as_well(hosts: SimulatedHosts, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('its own')")
    environment = {**of_program(hosts), "PYTHONPATH": str(tmp_path)}
    environment |= hosts.for_components(environment)
    assert run([sys.executable, "-c", ""], environment) == "its own"


def test_the_authorities_that_a_user_trusts_stay(hosts: SimulatedHosts, tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("of the user\n")
    together = Path(hosts.for_program({"NODE_EXTRA_CA_CERTS": str(own)})["NODE_EXTRA_CA_CERTS"]).read_text()
    assert together.startswith("of the user\n")
    assert together.endswith(AUTHORITY.read_text())
