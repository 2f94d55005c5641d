"""`pulumi policy publish` by the real CLI, to a stand-in of the service, and the published pack at work."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aws_preflight.policies import POLICIES
from aws_preflight.preflight import PACK_VERSION
from aws_preflight.preflight.config import EXEMPTIONS_SCHEMA
from tests.engine.conftest import ROOT
from tools.engine.cli import find_or_build
from tools.recording.recorded import requests, running, send

pytestmark = pytest.mark.engine

MAX_BYTES = 900 * len(POLICIES)


@dataclass
class Service:
    """What the stand-in was asked: paths with their bodies, in order."""

    url: str = ""
    calls: list[tuple[str, str, bytes]] = field(default_factory=list)

    def body(self, method: str, end: str) -> bytes:
        (found,) = [body for m, path, body in self.calls if m == method and path.endswith(end)]
        return found


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """Answers the calls of a publication as the service does."""
    asked = Service()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            asked.calls.append((self.command, self.path, body))
            answers: dict[str, Any] = {
                "/api/user": {"githubLogin": "my-org", "name": "my-org", "organizations": [{"githubLogin": "my-org"}]},
                "/api/orgs/my-org/policypacks": {"version": 1, "uploadURI": f"{asked.url}/upload"},
            }
            payload = json.dumps(answers.get(self.path, {})).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names of http.server

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    asked.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def published(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """The pack as `make publish-folder` puts it together, published."""
    folder = tmp_path_factory.mktemp("publish")
    subprocess.run(["make", "publish-folder", f"PACK={folder / 'pack'}"], cwd=ROOT, check=True, capture_output=True)
    # The CLI runs the pack to read its policies, with what `requirements.txt` names installed in the pack's folder.
    (folder / "pack" / "venv").symlink_to(Path(sys.prefix))
    engine = find_or_build()
    environment = {
        **engine.environment(os.environ),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": service.url,
        "PULUMI_ACCESS_TOKEN": "token",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    command = [str(engine.pulumi), "policy", "publish", "my-org", "--cwd", str(folder / "pack"), "--non-interactive"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return service


def archive(service: Service) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(service.body("PUT", "/upload")), mode="r:gz")


def test_the_calls_come_in_order(published: Service) -> None:
    # Newer releases of the CLI also look at what they have published.
    changes = [(method, path) for method, path, _ in published.calls if method != "GET"]
    calls = [(method, path) for method, path in changes if "policypacks" in path or method == "PUT"]
    assert calls == [
        ("POST", "/api/orgs/my-org/policypacks"),
        ("PUT", "/upload"),
        ("POST", f"/api/orgs/my-org/policypacks/aws-preflight/versions/{PACK_VERSION}/complete"),
    ]


def test_the_request_describes_every_policy(published: Service) -> None:
    request = json.loads(published.body("POST", "/policypacks"))
    assert request["name"] == "aws-preflight"
    assert request["displayName"] == "AWS preflight"
    assert request["versionTag"] == PACK_VERSION
    assert request["provider"] == "aws"
    assert request["tags"] == ["aws"]
    described = {policy["name"]: policy for policy in request["policies"]}
    assert described.keys() == {policy.id for policy in POLICIES} | {"exemptions"}
    for policy in POLICIES:
        sent = described[policy.id]
        assert sent["enforcementLevel"] == policy.level
        assert sent["severity"] == "high"
        assert sent["displayName"] == policy.title
        assert sent["description"] == policy.refuses
        assert sent["url"] == policy.documentation
        assert "aws" in sent["tags"]
        assert policy.right.typescript in sent["remediationSteps"]
    schema = described["exemptions"]["configSchema"]["properties"]
    assert schema.keys() == {"enforcementLevel", *EXEMPTIONS_SCHEMA}
    assert schema["exemptions"]["items"]["required"] == ["policy", "resource", "reason", "owner", "expires"]


def test_the_archive_holds_only_what_the_pack_needs(published: Service) -> None:
    assert len(published.body("PUT", "/upload")) < MAX_BYTES
    names = {name.removeprefix("package/") for name in archive(published).getnames()}
    top = {name.partition("/")[0] for name in names} - {"package"}
    assert top == {
        "PulumiPolicy.yaml",
        "__main__.py",
        "requirements.txt",
        "LICENSE",
        "aws_preflight",
        "docs",
        ".gitignore",
    }
    rooms = {name.split("/")[1] for name in names if name.startswith("aws_preflight/")}
    assert rooms == {"__init__.py", "policies", "preflight"}
    shipped = ("docs/policies/", "docs/rules", "docs/ordering", "docs/access.md", "docs/joins.md")
    assert not [
        name for name in names if "__pycache__" in name or (name.startswith("docs/") and not name.startswith(shipped))
    ]


@pytest.mark.slow  # It makes an environment of its own and installs the requirements.
def test_what_was_published_refuses_the_founding_mistakes(published: Service, tmp_path: Path) -> None:
    """Unpacked in an empty folder, with a fresh virtual environment from its own requirements, as the CLI does it."""
    archive(published).extractall(tmp_path, filter="data")
    pack = tmp_path / "package"
    subprocess.run([sys.executable, "-m", "venv", pack / "venv"], check=True)
    python = pack / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"]
    subprocess.run(install, cwd=pack, check=True, timeout=300)
    with running(pack, python=python) as stub:
        found = {d.policyName for request in requests() for d in send(stub, request)}
    assert found == {
        "acm-domain-from-load-balancer",
        "awslogs-group-unresolved",
        "ecs-service-without-listener-dependency",
    }
