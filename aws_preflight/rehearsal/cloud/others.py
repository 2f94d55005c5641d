"""Packages beside AWS's: nothing is encrypted, built, run or written, and what programs read looks as if it were.

A package without entries gives its inputs back, under a made-up id, and what the program's SDK declares beside them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from aws_preflight.rehearsal.cloud import plausible
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind
from aws_preflight.rehearsal.cloud.marks import is_special, secret
from aws_preflight.rehearsal.cloud.patterns import PEM

_CERTIFICATE = PEM.format("CERTIFICATE", "CERTIFICATE")
_PUBLIC_KEY = PEM.format("PUBLIC KEY", "PUBLIC KEY")
# Not marked as a private key: programs hand it on, and scanners for leaked secrets should not stop at it.
_PRIVATE_KEY = PEM.format("REHEARSAL DUMMY KEY", "REHEARSAL DUMMY KEY")
_SSH_KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ{lower:60} rehearsal"
_DIGEST = "sha256:{hex:64}"
_TIME = "2026-01-01T00:00:00Z"
_CLOCK = {"year": 2026, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "unix": 1767225600, "rfc3339": _TIME}
_ADJECTIVES = ("calm", "brisk", "clear", "eager", "gentle", "keen", "mild", "steady")
_ANIMALS = ("heron", "badger", "falcon", "lynx", "marmot", "otter", "plover", "wren")


def _number(facts: Facts, most: int) -> int:
    """A number from 0 to `most`, the same on every run."""
    return int(str(facts.fill("{hex:8/number}")), 16) % (most + 1)


def _text(facts: Facts) -> str:
    """Random text of the wanted length, with at least one character of each class that is wanted."""
    length = int(facts["length"] or 16)
    special = str(facts["overrideSpecial"] or "!@#%&*()-_=+[]{}<>:?")
    letters = str(facts.fill(f"{{lower:{min(length, 60)}}}")).ljust(length, "x")
    classes = (("upper", "R"), ("numeric", "7"), ("special", special[:1]), ("lower", "r"))
    wanted = [one for name, one in classes if facts.inputs.get(name) is not False]
    return "".join(wanted)[:length] + letters[: max(0, length - len(wanted))]


def _secret_text(facts: Facts) -> dict[str, Any]:
    return secret(_text(facts))


def _bytes(facts: Facts) -> bytes:
    length = int(facts["byteLength"] or facts["length"] or 8)
    return binascii.unhexlify((str(facts.fill("{hex:60}")) * (1 + length // 30))[: 2 * length])


def _hex(facts: Facts) -> str:
    return f"{facts['prefix']}{_bytes(facts).hex()}"


def _url_base64(facts: Facts) -> str:
    return f"{facts['prefix']}{base64.urlsafe_b64encode(_bytes(facts)).decode().rstrip('=')}"


def _base64(facts: Facts) -> str:
    return f"{facts['prefix']}{base64.b64encode(_bytes(facts)).decode()}"


def _decimal(facts: Facts) -> str:
    return f"{facts['prefix']}{int.from_bytes(_bytes(facts), 'big')}"


def _integer(facts: Facts) -> int:
    least, most = int(facts["min"] or 0), int(facts["max"] or 0)
    return least + _number(facts, max(0, most - least))


def _pet(facts: Facts) -> str:
    adjective = _ADJECTIVES[_number(facts, len(_ADJECTIVES) - 1)]
    animal = _ANIMALS[_number(facts, len(_ANIMALS) - 1)]
    words = [adjective, animal][-int(facts["length"] or 2) :]
    return str(facts["separator"] or "-").join([*([facts["prefix"]] if facts["prefix"] else []), *words])


def _shuffled(facts: Facts) -> list[Any]:
    """The inputs, begun at another place; they repeat where more are wanted than there are."""
    inputs = facts["inputs"] or []
    count = int(facts["resultCount"] or len(inputs))
    start = _number(facts, max(0, len(inputs) - 1))
    return [inputs[(start + position) % len(inputs)] for position in range(count)] if inputs else []


def _image_name(facts: Facts) -> Any:
    return facts["imageName"] or facts["name"] or facts.logical_name


def _image_digest(facts: Facts) -> Any:
    return f"{str(_image_name(facts)).partition('@')[0]}@{facts.fill(_DIGEST)}"


def _image_ref(facts: Facts) -> Any:
    tags = facts["tags"] or []
    return f"{tags[0] if tags else 'docker.io/library/rehearsal'}@{facts.fill(_DIGEST)}"


def _object_name(facts: Facts) -> Any:
    metadata = facts["metadata"] or {}
    name = metadata.get("name") or facts.fill("{logical}-{hex:8}")
    return f"{metadata['namespace']}/{name}" if metadata.get("namespace") else name


def named_object(facts: Facts, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs of an object of Kubernetes with a name, which its provider makes up where the program gives none.

    A release of Helm is named by a property of its own.
    """
    if facts.type.startswith("kubernetes:helm.sh/"):
        return {"name": facts.auto_name(), **inputs} if inputs.get("name") is None else inputs
    metadata = inputs.get("metadata") or {}
    if not isinstance(metadata, dict) or is_special(metadata) or metadata.get("name") is not None:
        return inputs
    named = {"name": facts.fill("{logical}-{hex:8}"), **metadata}
    return {**inputs, "metadata": named}


def certificates(facts: Facts) -> dict[str, Any]:
    """The chain that a host answers with, as the function of `tls` tells it: the root, and what that has signed."""
    names = ("CN=Simulated AWS", facts.fill("CN={url}"))
    chain = [
        {
            "certPem": _CERTIFICATE,
            "isCa": number == 0,
            "issuer": names[0],
            "maxPathLength": -1,
            "notAfter": "2036-01-01T00:00:00Z",
            "notBefore": "2026-01-01T00:00:00Z",
            "publicKeyAlgorithm": "RSA",
            "serialNumber": facts.fill(f"{{digits:38/{number}}}"),
            "sha1Fingerprint": facts.fill(f"{{hex:40/{number}}}"),
            "signatureAlgorithm": "SHA256-RSA",
            "subject": subject,
            "version": 3,
        }
        for number, subject in enumerate(names)
    ]
    return {"id": facts.fill("{hex:40}"), "certificates": chain}


def declared(facts: Facts, outputs: Callable[[str], Mapping[str, str]]) -> dict[str, Any]:
    """Made-up outputs of a type of which nothing is known but what the program's SDK declares."""
    if facts.type.startswith(("aws:", "aws-native:", "pulumi")):
        return {}
    return {name: _declared(facts, name, kind) for name, kind in outputs(facts.type).items()}


def _declared(facts: Facts, name: str, kind: str) -> Any:
    if name == "name" and kind == "text":
        return facts.auto_name()
    if kind == "texts":
        value = plausible.output(name)
        return value if isinstance(value, list) else [value]
    empty: Mapping[str, Any] = {"number": 1, "boolean": False, "list": [], "object": {}}
    return plausible.text(name) if kind == "text" else empty[kind]


_RANDOM: Mapping[str, Kind] = {
    "random:index/randomBytes:RandomBytes": Kind(
        id="none", outputs={"hex": lambda facts: secret(_hex(facts)), "base64": lambda facts: secret(_base64(facts))}
    ),
    "random:index/randomId:RandomId": Kind(
        id=_url_base64, outputs={"hex": _hex, "b64Url": _url_base64, "b64Std": _base64, "dec": _decimal}
    ),
    "random:index/randomInteger:RandomInteger": Kind(
        id=lambda facts: str(_integer(facts)), outputs={"result": _integer}
    ),
    "random:index/randomPassword:RandomPassword": Kind(
        id="none", outputs={"result": _secret_text, "bcryptHash": lambda _facts: secret("$2a$10$" + "x" * 53)}
    ),
    "random:index/randomPet:RandomPet": Kind(id=_pet),
    "random:index/randomShuffle:RandomShuffle": Kind(id="-", outputs={"results": _shuffled}),
    "random:index/randomString:RandomString": Kind(id="{result}", outputs={"result": _text}),
    "random:index/randomUuid:RandomUuid": Kind(id="{uuid}", outputs={"result": "{uuid}"}),
    "random:index/randomUuid4:RandomUuid4": Kind(id="{uuid}", outputs={"result": "{uuid}"}),
    "random:index/randomUuid7:RandomUuid7": Kind(id="{uuid}", outputs={"result": "{uuid}"}),
}

_TLS: Mapping[str, Kind] = {
    "tls:index/privateKey:PrivateKey": Kind(
        id="{hex:40}",
        outputs={
            "privateKeyOpenssh": lambda _facts: secret(_PRIVATE_KEY),
            "privateKeyPem": lambda _facts: secret(_PRIVATE_KEY),
            "privateKeyPemPkcs8": lambda _facts: secret(_PRIVATE_KEY),
            "publicKeyFingerprintMd5": "{hex:32}",
            "publicKeyFingerprintSha256": "SHA256:{lower:43}",
            "publicKeyOpenssh": _SSH_KEY,
            "publicKeyPem": _PUBLIC_KEY,
        },
    ),
    "tls:index/certRequest:CertRequest": Kind(id="{hex:40}", outputs={"certRequestPem": _CERTIFICATE}),
    **{
        f"tls:index/{name[0].lower()}{name[1:]}:{name}": Kind(
            id="{digits:20}",
            outputs={
                "certPem": _CERTIFICATE,
                "readyForRenewal": False,
                "validityStartTime": _TIME,
                "validityEndTime": _TIME,
            },
        )
        for name in ("SelfSignedCert", "LocallySignedCert")
    },
}

_IMAGES: Mapping[str, Kind] = {
    "docker:index/image:Image": Kind(
        id=_image_name, outputs={"baseImageName": _image_name, "repoDigest": _image_digest, "imageName": _image_name}
    ),
    "docker:index/registryImage:RegistryImage": Kind(id=_DIGEST, outputs={"sha256Digest": _DIGEST}),
    "docker:index/remoteImage:RemoteImage": Kind(
        id=_DIGEST, outputs={"imageId": _DIGEST, "repoDigest": _image_digest, "latest": _DIGEST}
    ),
    "docker-build:index:Image": Kind(
        id=_DIGEST, outputs={"ref": _image_ref, "digest": _DIGEST, "contextHash": "{hex:64}"}
    ),
    "docker-build:index:Index": Kind(id=_DIGEST, outputs={"ref": lambda facts: facts["tag"]}),
}

_REST: Mapping[str, Kind] = {
    "archive:index/file:File": Kind(
        id="{hex:40}",
        outputs={
            "outputBase64sha256": "{lower:43}=",
            "outputMd5": "{hex:32}",
            "outputSha": "{hex:40}",
            "outputSize": 1,
        },
    ),
    "command:local:Command": Kind(id="{lower:12}", outputs={"stdout": "", "stderr": ""}),
    "command:remote:Command": Kind(id="{lower:12}", outputs={"stdout": "", "stderr": ""}),
    "local:index/file:File": Kind(
        id="{hex:40}", outputs={"contentMd5": "{hex:32}", "contentSha1": "{hex:40}", "contentSha256": "{hex:64}"}
    ),
    "null:index/resource:Resource": Kind(id="{digits:19}"),
    "time:index/offset:Offset": Kind(id=_TIME, outputs={**_CLOCK, "baseRfc3339": _TIME}),
    "time:index/rotating:Rotating": Kind(id=_TIME, outputs={**_CLOCK, "rotationRfc3339": _TIME}),
    "time:index/sleep:Sleep": Kind(id=_TIME),
    "time:index/static:Static": Kind(id=_TIME, outputs=_CLOCK),
    "kubernetes:helm.sh/v3:Release": Kind(
        id="{namespace}/{name}",
        outputs={
            "namespace": "default",
            "status": {"name": "{name}", "namespace": "{namespace}", "revision": 1, "status": "deployed"},
        },
    ),
    "kubernetes:core/v1:Service": Kind(
        id=_object_name,
        outputs={
            "status": {"loadBalancer": {"ingress": [{"hostname": "{lower:32}-{digits:9}.{region}.elb.amazonaws.com"}]}}
        },
    ),
}

OTHERS: Mapping[str, Kind] = {**_RANDOM, **_TLS, **_IMAGES, **_REST}
