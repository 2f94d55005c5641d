"""Writes the tables of `aws_preflight/policies/offers`: what AWS offers, and what it has withdrawn. `make offers`.

The sources are well-kept packages on PyPI: cfn-lint, which asks AWS for the engine versions and instance classes of
RDS and has the dates of the Lambda runtimes and the resources of each region, moto, which has AWS's managed policies
and managed Config rules, and botocore, which has the endpoints of the services. The facts are taken from their data,
none of their code. The change is to be read as a diff before it is committed: a value that goes from a table is not
judged any more.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

FOLDER: Final = Path(__file__).parents[2] / "aws_preflight" / "policies" / "offers"
_EXTENSIONS: Final = "cfnlint/data/schemas/extensions"
# Only of these does the source tell which versions were withdrawn.
_ENGINES: Final = ("aurora-mysql", "aurora-postgresql", "mysql", "postgres")
_CLASS_ENGINES: Final = (*_ENGINES, "mariadb")
_REGIONS: Final = "cfnlint/data/schemas/providers"
# By service as Pulumi names it, the names that CloudFormation and botocore give it.
_SERVICES: Final = {
    "amplify": ("Amplify", "amplify"),
    "appflow": ("AppFlow", "appflow"),
    "appmesh": ("AppMesh", "appmesh"),
    "apprunner": ("AppRunner", "apprunner"),
    "appstream": ("AppStream", "appstream2"),
    "auditmanager": ("AuditManager", "auditmanager"),
    "cleanrooms": ("CleanRooms", "cleanrooms"),
    "cloud9": ("Cloud9", "cloud9"),
    "codeartifact": ("CodeArtifact", "codeartifact"),
    "codecommit": ("CodeCommit", "codecommit"),
    "codeguruprofiler": ("CodeGuruProfiler", "codeguru-profiler"),
    "codegurureviewer": ("CodeGuruReviewer", "codeguru-reviewer"),
    "codestarconnections": ("CodeStarConnections", "codestar-connections"),
    "comprehend": ("Comprehend", "comprehend"),
    "connect": ("Connect", "connect"),
    "customerprofiles": ("CustomerProfiles", "profile"),
    "dataexchange": ("DataExchange", "dataexchange"),
    "detective": ("Detective", "api.detective"),
    "emrcontainers": ("EMRContainers", "emr-containers"),
    "grafana": ("Grafana", "grafana"),
    "ivs": ("IVS", "ivs"),
    "ivschat": ("IVSChat", "ivschat"),
    "kendra": ("Kendra", "kendra"),
    "lex": ("Lex", "models-v2-lex"),
    "lightsail": ("Lightsail", "lightsail"),
    "location": ("Location", "geo"),
    "mediaconvert": ("MediaConvert", "mediaconvert"),
    "medialive": ("MediaLive", "medialive"),
    "mediapackage": ("MediaPackage", "mediapackage"),
    "mediapackagev2": ("MediaPackageV2", "mediapackagev2"),
    "memorydb": ("MemoryDB", "memory-db"),
    "neptune": ("Neptune", "neptune"),
    "pinpoint": ("Pinpoint", "pinpoint"),
    "pipes": ("Pipes", "pipes"),
    "rekognition": ("Rekognition", "rekognition"),
    "resiliencehub": ("ResilienceHub", "resiliencehub"),
    "schemas": ("EventSchemas", "schemas"),
    "securitylake": ("SecurityLake", "securitylake"),
    "signer": ("Signer", "signer"),
    "ssmcontacts": ("SSMContacts", "ssm-contacts"),
    "ssmincidents": ("SSMIncidents", "ssm-incidents"),
    "timestreamwrite": ("Timestream", "ingest.timestream"),
    "transcribe": ("Transcribe", "transcribe"),
    "vpclattice": ("VpcLattice", "vpc-lattice"),
}
_INSTANCE_FILES: Final = {
    "ec2": "aws_ec2_instance/instancetype_enum",
    "elasticache": "aws_elasticache_cachecluster/cachenodetype_enum",
    "docdb": "aws_docdb_dbinstance/dbinstanceclass_enum",
    "neptune": "aws_neptune_dbinstance/dbinstanceclass_enum",
    "opensearch": "aws_opensearchservice_domain/clusterconfig_instancetype_enum",
}
# The price list tells the regions of the others in part.
_WITH_REGIONS: Final = ("ec2", "elasticache", "opensearch")
# Families that no region opened since the end of 2018 has got: they come to no further one.
_OLD_FAMILIES: Final = (
    *("t1", "m1", "m2", "m3", "m4", "c1", "c3", "c4", "r3", "r4", "t2"),
    *("g2", "g3", "g3s", "hs1", "i2", "cc2", "cr1", "p2"),
)


class Source:
    """A package as it is on PyPI; `version` is the one that was found there."""

    def __init__(self, name: str, folder: Path) -> None:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--dest", str(folder), name], check=True)
        (wheel,) = folder.glob(f"{name.replace('-', '_')}-*.whl")
        self.name, self.version = name, wheel.name.split("-")[1]
        self._zip = ZipFile(wheel)

    def read(self, path: str) -> bytes:
        """A file of the package."""
        return self._zip.read(path)

    def has(self, path: str) -> bool:
        """Whether the package has the file."""
        return path in self._zip.namelist()

    def json(self, path: str) -> Any:
        """A file of JSON in the package."""
        return json.loads(self.read(path))

    @property
    def date(self) -> str:
        """The day on which the newest file of the package was made."""
        year, month, day = max(entry.date_time[:3] for entry in self._zip.infolist())
        return f"{year:04}-{month:02}-{day:02}"


def engine_versions(cfn_lint: Source) -> dict[str, dict[str, list[str]]]:
    """By engine, the versions that a new database may have, and those that it may have no more."""
    kinds = ("aws_rds_dbinstance", "aws_rds_dbcluster")
    known = [_versions(cfn_lint.json(f"{_EXTENSIONS}/{kind}/engine_version.json")) for kind in kinds]
    gone = [_versions(cfn_lint.json(f"{_EXTENSIONS}/{kind}/engine_version_deprecated.json")) for kind in kinds]
    table = {}
    for engine in _ENGINES:
        offered = {v for all_, old in zip(known, gone, strict=True) for v in all_[engine] - old.get(engine, set())}
        withdrawn = {v for old in gone for v in old.get(engine, ())} - offered
        table[engine] = {"offered": _sorted(offered), "withdrawn": _sorted(withdrawn)}
    return table


def cache_engine_versions(cfn_lint: Source) -> dict[str, dict[str, list[str]]]:
    """By engine of ElastiCache, the versions that a new cache may have: the source has those alone."""
    known = _versions(cfn_lint.json(f"{_EXTENSIONS}/aws_elasticache_cachecluster/engine_version.json"))
    return {engine: {"offered": _sorted(versions)} for engine, versions in sorted(known.items())}


def _versions(schema: Mapping[str, Any]) -> dict[str, set[str]]:
    """By engine, the versions in a schema of cfn-lint: it has them in the condition or in the consequence."""
    found: dict[str, set[str]] = {}
    for rule in schema["allOf"]:
        engine = rule["if"]["properties"]["Engine"].get("const")
        then = rule["then"] if isinstance(rule["then"], dict) else {}
        for part in (rule["if"], then):
            versions = part.get("properties", {}).get("EngineVersion", {}).get("enum", ())
            if engine:
                found.setdefault(engine, set()).update(versions)
    return found


def _sorted(versions: set[str]) -> list[str]:
    return sorted(versions, key=lambda version: ([int(part) for part in re.findall(r"\d+", version)], version))


def instance_classes(cfn_lint: Source) -> dict[str, dict[str, list[str]]]:
    """By engine, the instance classes that some region offers or offered: family and sizes."""
    classes: dict[str, set[str]] = {engine: set() for engine in _CLASS_ENGINES}
    for region in cfn_lint.json(f"{_EXTENSIONS}/aws_rds_dbinstance/dbinstanceclass_enum.json").values():
        for rule in region.get("allOf", ()) if isinstance(region, dict) else ():
            engine = rule["if"]["properties"]["Engine"].get("const")
            if engine in classes:
                classes[engine].update(rule["then"]["properties"]["DBInstanceClass"]["enum"])
    return {engine: _by_family(found) for engine, found in sorted(classes.items())}


def _by_family(classes: set[str]) -> dict[str, list[str]]:
    families: dict[str, list[str]] = {}
    for class_ in sorted(classes):
        family, _, size = class_.rpartition(".")
        families.setdefault(family, []).append(size)
    return families


def instance_types(cfn_lint: Source) -> dict[str, Any]:
    """By service, the families of its instances, and the regions that lack an old one of them.

    Of the burstable families, which get no more sizes, those that the service has; of EC2 the families alone, all there
    are: to tell one that a service lacks from one that nobody knows.
    """
    table: dict[str, Any] = {}
    for service, file in _INSTANCE_FILES.items():
        by_region = {
            region: _instance_families(schema["enum"])
            for region, schema in cfn_lint.json(f"{_EXTENSIONS}/{file}.json").items()
            if isinstance(schema, dict) and region != "all"
        }
        families: dict[str, set[str]] = {}
        for sizes in by_region.values():
            for family, names in sizes.items():
                families.setdefault(family, set()).update(names)
        table[service] = {
            "families": {
                name: sorted(families[name]) if name.startswith("t") and service != "ec2" else []
                for name in sorted(families)
            },
            "without": {
                old: sorted(region for region, sizes in by_region.items() if old not in sizes)
                for old in _OLD_FAMILIES
                if old in families and service in _WITH_REGIONS
            },
        }
    return table


def _instance_families(types: Sequence[str]) -> dict[str, set[str]]:
    """By family, the sizes of types that are written as the services do: `cache.t3.micro`, `t3.small.search`."""
    families: dict[str, set[str]] = {}
    for type_ in types:
        family, _, size = type_.removeprefix("cache.").removeprefix("db.").partition(".")
        families.setdefault(family, set()).add(size.removesuffix(".search"))
    return families


def service_regions(cfn_lint: Source, botocore: Source) -> dict[str, list[str]]:
    """By service, the regions of AWS's own partition that lack it: no resource of CloudFormation, no endpoint."""
    partitions = botocore.json("botocore/data/endpoints.json")["partitions"]
    (partition,) = (one for one in partitions if one["partition"] == "aws")
    resources = {
        region: {name.split("::")[1] for name in cfn_lint.json(f"{_REGIONS}/{region}.json") if "::" in name}
        for region in partition["regions"]
        if cfn_lint.has(f"{_REGIONS}/{region}.json")
    }
    table = {}
    for service, (namespace, endpoint) in _SERVICES.items():
        endpoints = partition["services"][endpoint]["endpoints"]
        table[service] = sorted(
            region for region, names in resources.items() if namespace not in names and region not in endpoints
        )
        if not table[service] or not any(namespace in names for names in resources.values()):
            raise ValueError(f"{service}: the sources call it otherwise now")
    return table


def lambda_runtimes(cfn_lint: Source) -> dict[str, dict[str, str]]:
    """By runtime, the day from which on no function can be created with it, and a newer runtime."""
    runtimes = cfn_lint.json("cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json")
    return {
        name: {"create": one["create-block"], "newer": one["successor"] or ""}
        for name, one in sorted(runtimes.items())
        if one["create-block"]
    }


def managed_policies(moto: Source) -> dict[str, list[str]]:
    """By path, the names of AWS's managed policies."""
    module = ast.parse(moto.read("moto/iam/aws_managed_policies.py"))
    (text,) = (node.value.value for node in module.body if isinstance(node, ast.Assign))  # type: ignore[attr-defined]
    paths: dict[str, list[str]] = {}
    for name, policy in sorted(json.loads(text).items()):
        paths.setdefault(policy["Path"], []).append(name)
    return dict(sorted(paths.items()))


def config_rules(moto: Source) -> list[str]:
    """The identifiers of AWS's managed Config rules."""
    rules = json.loads(gzip.decompress(moto.read("moto/config/resources/aws_managed_rules.json.gz")))
    return sorted(rules["ManagedRules"])


def tables() -> dict[str, dict[str, Any]]:
    """By file, its content."""
    with tempfile.TemporaryDirectory() as folder:
        cfn_lint, moto, botocore = (Source(name, Path(folder)) for name in ("cfn-lint", "moto", "botocore"))
        made: dict[str, tuple[tuple[Source, ...], Any]] = {
            "elasticache_engine_versions": ((cfn_lint,), cache_engine_versions(cfn_lint)),
            "rds_engine_versions": ((cfn_lint,), engine_versions(cfn_lint)),
            "rds_instance_classes": ((cfn_lint,), instance_classes(cfn_lint)),
            "instance_types": ((cfn_lint,), instance_types(cfn_lint)),
            "service_regions": ((cfn_lint, botocore), service_regions(cfn_lint, botocore)),
            "lambda_runtimes": ((cfn_lint,), lambda_runtimes(cfn_lint)),
            "iam_managed_policies": ((moto,), managed_policies(moto)),
            "config_managed_rules": ((moto,), config_rules(moto)),
        }
        return {
            name: {
                "source": ", ".join(f"{source.name} {source.version}" for source in sources),
                "date": min(source.date for source in sources),
                "values": values,
            }
            for name, (sources, values) in made.items()
        }


def text_of(table: Mapping[str, Any]) -> str:
    """A table as it is committed: a line for each group, so that a diff shows what changed."""
    values = table["values"]
    if isinstance(values, list):
        lines = [json.dumps(value) for value in values]
        body = "[\n    " + ",\n    ".join(lines) + "\n  ]"
    else:
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in values.items()]
        body = "{\n    " + ",\n    ".join(lines) + "\n  }"
    head = ",\n  ".join(f"{json.dumps(key)}: {json.dumps(table[key])}" for key in ("source", "date"))
    return f'{{\n  {head},\n  "values": {body}\n}}\n'


def main(arguments: Sequence[str]) -> int:
    """Writes the tables."""
    del arguments
    for name, table in tables().items():
        file = FOLDER / f"{name}.json"
        file.write_text(text_of(table), encoding="utf-8")
        sys.stdout.write(f"written: {file.name}, {table['source']} of {table['date']}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
