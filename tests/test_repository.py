"""What has to be true of the repository as a whole: every policy listed, every page fresh, the pack light."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib
import yaml

from aws_preflight.policies import declared
from aws_preflight.policies.event_patterns import EVENT_PATTERNS
from aws_preflight.policies.offers import OFFERS
from aws_preflight.policies.ordering import ORDERING
from aws_preflight.policies.rules import RULES
from aws_preflight.policies.schedules import SCHEDULES
from aws_preflight.preflight import PACK_VERSION
from aws_preflight.preflight.policy import ANY_TYPE, Policy
from tests.conftest import ROOT, found_or_skipped
from tests.families import REFUSED, WARNED, WITH_CODE
from tools.generate import docs, readme
from tools.scaffold import new_policy

IN_TABLES = (*EVENT_PATTERNS, *SCHEDULES)
"""Policies with cases of their own that share a module: each is an entry of its table."""


def test_every_file_of_a_policy_is_listed() -> None:
    folder = ROOT / "aws_preflight" / "policies"
    helpers = {
        "__init__",
        "domain_names",
        "event_patterns",
        "type_aliases",
        "ends",
        "engine_versions",
        "gone",
        "tables",
    }
    files = {
        path.stem: path for path in (*folder.glob("*.py"), *folder.glob("offers/*.py")) if path.stem not in helpers
    }
    assert files.keys() == {policy.id.replace("-", "_") for policy in WITH_CODE if policy not in IN_TABLES}
    for name, path in files.items():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert isinstance(getattr(importlib.import_module(module), name), Policy)
    folders = {path.name for path in (ROOT / "tests" / "cases").iterdir()}
    assert folders == {*(policy.id for policy in WITH_CODE), REFUSED, WARNED}


def test_ids_are_unique_and_in_order() -> None:
    ids = [policy.id for policy in declared()]
    assert len(set(ids)) == len(ids)
    one_by_one = [policy for policy in WITH_CODE if policy not in (*OFFERS, *IN_TABLES)]
    for group in (one_by_one, EVENT_PATTERNS, SCHEDULES, OFFERS, RULES, ORDERING):
        assert [policy.id for policy in group] == sorted(policy.id for policy in group)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id_) for id_ in ids)


@pytest.mark.parametrize("policy", declared(), ids=lambda policy: policy.id)
def test_a_declaration_is_complete(policy: Policy) -> None:
    assert len(set(policy.types)) == len(policy.types) > 0
    if ANY_TYPE in policy.types:
        assert policy.types == (ANY_TYPE,)
    else:
        assert all(re.fullmatch(r"[a-z-]+:[\w/-]+:\w+", type_) for type_ in policy.types)
        assert any(type_.startswith("aws:") for type_ in policy.types)
        # Rules and offers are about calls of the AWS provider.
        assert policy.section_of or policy in OFFERS or any(type_.startswith("aws-native:") for type_ in policy.types)
    # The rules of order do not say which call answers.
    assert policy in ORDERING or re.fullmatch(r"[a-z0-9]+:[A-Z]\w+", policy.answer.operation)
    assert all(source.startswith("https://") for source in (policy.answer.source, *policy.sources))
    assert policy.title[0].isupper()
    assert not policy.title.endswith(".")
    assert policy.refuses.endswith(".")
    assert policy.why_not_preview.endswith(".")
    assert len(policy.doc.splitlines()) > 2 or policy.section_of
    assert parses(policy.wrong.python)
    assert parses(policy.right.python)


def parses(code: str) -> bool:
    """Whether this is Python: a statement, a keyword argument or an entry of a dictionary."""
    for text in (code, f"f({code})", f"f({{{code}}})"):
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="line ends")
def test_pages_are_fresh() -> None:
    assert [str(path.relative_to(ROOT)) for path in docs.stale()] == [], "run: make docs"


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")]:
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert "://" in link or (path.parent / link).exists(), f"{path.name}: {link}"


def test_the_readme_names_every_policy() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(policy.page in readme for policy in WITH_CODE)
    assert "docs/rules/README.md" in readme


def test_a_readme_without_the_comments_around_its_table_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readme, "FILE", tmp_path / "README.md")
    (tmp_path / "README.md").write_text("# AWS preflight\n")
    with pytest.raises(ValueError, match="the comments around the table of services are gone"):
        readme.page()


def test_the_table_of_services_counts_every_policy_once() -> None:
    last = [line for line in readme.block() if line.startswith("| ")]
    totals = [int(line.split("|")[4]) for line in last[1:]]
    assert sum(totals[:-1]) == totals[-1] == len(declared())


def test_the_preview_of_a_fresh_machine_has_the_packages_of_the_tests() -> None:
    def pinned(name: str) -> set[str]:
        return {line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}

    assert pinned("requirements-preview.txt") < pinned("requirements-dev.txt")


def test_there_is_one_version() -> None:
    project = yaml.safe_load((ROOT / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert project["version"] == PACK_VERSION
    assert f"## {PACK_VERSION}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_wheel_depends_on_what_the_requirements_name() -> None:
    """`pyproject.toml` cannot read `requirements.txt`, which the engine installs for the pack."""
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    named = [
        line
        for file in ("requirements.txt", "requirements-cli.txt")
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    assert sorted(lines) == sorted(named)
    assert all("<" in line for line in lines), "a release of somebody else must not break an organization"


def test_the_pack_imports_only_what_it_installs() -> None:
    """`requirements.txt` is installed on every machine of an organization."""
    allowed = {*sys.stdlib_module_names, "aws_preflight", "google", "grpc", "pulumi", "idna"}
    # The command line is not part of the published pack.
    published = [path for path in ROOT.glob("aws_preflight/preflight/**/*.py") if path.name != "__main__.py"]
    for path in [ROOT / "__main__.py", *ROOT.glob("aws_preflight/policies/**/*.py"), *published]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, path.name


def test_only_one_module_knows_the_protocol() -> None:
    for path in [*ROOT.glob("aws_preflight/policies/**/*.py"), *ROOT.glob("aws_preflight/preflight/**/*.py")]:
        knows = "pulumi.runtime" in path.read_text(encoding="utf-8").replace("`pulumi.runtime.proto`", "")
        assert knows == (path.name == "crossguard.py"), path.name


# --- the scaffold -----------------------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "aws_preflight" / "policies").mkdir(parents=True)
    shutil.copy(ROOT / "aws_preflight" / "policies" / "__init__.py", tmp_path / "aws_preflight" / "policies")
    return tmp_path


def test_a_new_policy_is_written_and_listed(copy: Path) -> None:
    files = new_policy.create("lambda-name-too-long", copy)
    assert {str(path.relative_to(copy)) for path in files} == {
        "aws_preflight/policies/__init__.py",
        "aws_preflight/policies/lambda_name_too_long.py",
        *(
            f"tests/cases/lambda-name-too-long/{kind}.yaml"
            for kind in ("bad", "good", "look-alikes", "unknown", "wrong-types")
        ),
    }
    listed = (copy / "aws_preflight" / "policies" / "__init__.py").read_text()
    original = (ROOT / "aws_preflight" / "policies" / "__init__.py").read_text()
    added = [line for line in listed.splitlines() if line not in original.splitlines()]
    assert added == ['    "lambda_name_too_long",']
    assert set(original.splitlines()) <= set(listed.splitlines())
    entries = re.findall(r'^    "(\w+_\w+)",$', listed, re.M)
    assert entries == sorted(entries)
    module = runpy.run_path(str(copy / "aws_preflight" / "policies" / "lambda_name_too_long.py"), run_name="new_policy")
    assert isinstance(module["lambda_name_too_long"], Policy)


@pytest.mark.parametrize(
    ("id_", "message"),
    [
        ("Bad Id", "is not an id"),
        ("one", "is not an id"),
        ("../up-and-away", "is not an id"),
        ("asg-tag-not-string", "exists"),
    ],
)
def test_a_bad_id_is_refused_and_nothing_is_written(copy: Path, id_: str, message: str) -> None:
    shutil.copy(ROOT / "aws_preflight" / "policies" / "asg_tag_not_string.py", copy / "aws_preflight" / "policies")
    before = sorted(copy.rglob("*"))
    with pytest.raises(ValueError, match=message):
        new_policy.create(id_, copy)
    assert sorted(copy.rglob("*")) == before


# --- what lies beside the repository ----------------------------------------------------------------------------------


def test_a_machine_without_the_recorded_programs_skips_their_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.skip.Exception, match="no shared/graphs beside the repository"):
        found_or_skipped(tmp_path / "shared" / "graphs")
    assert found_or_skipped(tmp_path) == tmp_path


def test_the_run_that_tests_everything_insists_on_them(tmp_path: Path) -> None:
    (tmp_path / "clone" / ".ci").mkdir(parents=True)
    run = shutil.copy(ROOT / ".ci" / "run", tmp_path / "clone" / ".ci")
    result = subprocess.run([run], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("error: ../shared/graphs was not found")


def test_nothing_else_is_read_from_beside_the_repository() -> None:
    files = [path for path in ROOT.glob("tests/**/*.py") if '"shared"' in path.read_text(encoding="utf-8")]
    assert {path.name for path in files} == {"conftest.py", Path(__file__).name}
