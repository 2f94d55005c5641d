"""The certificate of the simulated AWS, for code that asks the hosts of a cluster something: `simulated-aws.pem`.

It needs `openssl`, and is run by hand when AWS opens a region: `python -m tools.generate.certificate`. The key of the
authority is thrown away. That of the certificate is public on purpose: only code that runs in a rehearsal trusts it.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from aws_preflight.rehearsal.program import simulated_hosts

# No clock of a machine lies outside of these years.
_SETTINGS: Final = """
[ca]
default_ca = default
[default]
database = index.txt
serial = serial
new_certs_dir = .
certificate = authority.pem
private_key = authority.key
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = 21200101000000Z
policy = policy
[policy]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""
_REGIONS: Final = """
af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1
us-west-2
"""


def main() -> None:
    """Makes both files anew."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = _make(folder)
        simulated_hosts.AUTHORITY.write_text(made["authority.pem"], encoding="utf-8")
        simulated_hosts.CERTIFICATE.write_text(made["leaf.pem"] + made["authority.pem"] + made["leaf.key"], "utf-8")


def _make(folder: Path) -> dict[str, str]:
    (folder / "openssl.cnf").write_text(_SETTINGS.format(names=",".join(_names())), encoding="utf-8")
    (folder / "index.txt").touch()
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name in ("authority", "leaf"):
        subject = f"/CN=Simulated AWS of a rehearsal, {name}"
        _openssl(folder, "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
        signed = ("-selfsign", "-keyfile", "authority.key") if name == "authority" else ()
        _openssl(folder, "ca", "-in", f"{name}.csr", "-out", f"{name}.pem", "-extensions", name, *signed)
    return {name: (folder / name).read_text() for name in ("authority.pem", "leaf.pem", "leaf.key")}


def _names() -> list[str]:
    """A star stands for one label, so each region needs names of its own: of the issuer, and of the clusters."""
    names = []
    for region in _REGIONS.split():
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        names += [f"DNS:oidc.eks.{region}.{suffix}", f"DNS:*.gr7.{region}.eks.{suffix}"]
    return names


def _openssl(folder: Path, command: str, *arguments: str) -> None:
    fixed = ("-batch", "-notext", "-rand_serial", "-config", "openssl.cnf") if command == "ca" else ()
    subprocess.run(["openssl", command, *fixed, *arguments], cwd=folder, check=True, capture_output=True)


if __name__ == "__main__":
    main()
