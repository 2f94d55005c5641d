"""Where the code of packaged components is found, and which of several versions is taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program import component_packages, project
from aws_preflight.rehearsal.program.component_packages import ComponentPackage


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    program = tmp_path / "shop"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("{name: shop, runtime: nodejs}")
    return program


def plugin(folder: Path, name: str = "awsx") -> Path:
    folder.mkdir(parents=True)
    command = folder / f"pulumi-resource-{name}"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    return command


def found(program: Path, name: str = "awsx") -> ComponentPackage | None:
    return component_packages.find(name, project.read(program), program)


def sdk(program: Path, version: str) -> None:
    folder = program / "node_modules" / "@pulumi" / "awsx"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"version": version}))


def test_what_is_not_installed_is_not_found(folder: Path) -> None:
    plugin(folder.parent / "home" / "plugins" / "resource-awsx-classic-v1.0.0", "awsx-classic")
    assert found(folder) is None
    assert component_packages.how_to_install("awsx", folder) == "pulumi plugin install resource awsx"
    sdk(folder, "v3.9.0")
    assert component_packages.how_to_install("awsx", folder) == "pulumi plugin install resource awsx 3.9.0"


def test_the_version_of_the_sdk_is_taken_or_the_newest_of_its_major(folder: Path) -> None:
    plugins = folder.parent / "home" / "plugins"
    for version in ("2.0.0", "3.9.0", "3.10.0", "10.0.0"):
        plugin(plugins / f"resource-awsx-v{version}")
    plugin(plugins / "resource-awsx-v11.0.0")
    (plugins / "resource-awsx-v11.0.0.partial").write_text("")
    chosen = {}
    for version in ("", "3.9.0", "3.8.0", "7.0.0"):
        sdk(folder, version)
        package = found(folder)
        assert package is not None
        chosen[version] = package.version
        assert package.holds_only_components
    assert chosen == {"": "10.0.0", "3.9.0": "3.9.0", "3.8.0": "3.10.0", "7.0.0": "10.0.0"}


def test_a_project_brings_its_own_code_along(folder: Path) -> None:
    plugin(folder.parent / "home" / "plugins" / "resource-awsx-v3.9.0")
    plugin(folder / "bin")
    (folder / "parts").mkdir()
    (folder / "parts" / "PulumiPlugin.yaml").write_text("{runtime: {name: python}, version: 0.1.0}")
    (folder / "Pulumi.yaml").write_text(
        "name: shop\nruntime: python\npackages: {parts: {source: ./parts}}\n"
        "plugins: {providers: [{name: awsx, path: bin}]}\n"
    )
    assert found(folder) == ComponentPackage("awsx", folder / "bin", "", folder / "bin" / "pulumi-resource-awsx")
    assert found(folder, "parts") == ComponentPackage("parts", folder / "parts", "0.1.0", runtime="python")


def test_a_plugin_on_path_and_one_from_a_repository_are_found(folder: Path) -> None:
    command = plugin(folder.parent / "path", "awsx")
    assert found(folder) == ComponentPackage("awsx", command.parent, "", command)
    source = folder.parent / "home" / "plugins" / "resource-github.com_acme_parts.git-v1.0.0"
    source.mkdir(parents=True)
    (source / "PulumiPlugin.yaml").write_text("runtime: nodejs\n")
    (folder / "Pulumi.yaml").write_text(
        "{name: shop, runtime: python, packages: {parts: 'https://github.com/acme/parts@1.0.0'}}"
    )
    package = found(folder, "parts")
    assert package is not None
    assert (package.folder, package.version, package.runtime) == (source, "1.0.0", "nodejs")


@pytest.mark.parametrize("content", ["", "[1]", "{", "name: x"])
def test_a_folder_that_holds_no_plugin_is_passed_over(folder: Path, content: str) -> None:
    (folder / "PulumiPlugin.yaml").write_text(content)
    (folder / "Pulumi.yaml").write_text("{name: shop, runtime: python, packages: {parts: ./}}")
    assert found(folder, "parts") is None


def test_an_old_sdk_for_python_has_its_version_where_pip_keeps_it(folder: Path, tmp_path: Path) -> None:
    packages = folder / "venv" / "lib" / "python3.11" / "site-packages"
    (packages / "pulumi_awsx").mkdir(parents=True)
    (packages / "pulumi_awsx" / "pulumi-plugin.json").write_text('{"resource": true, "name": "awsx"}')
    (packages / "pulumi_awsx-1.0.4.dist-info").mkdir()
    assert component_packages.sdk_version("awsx", folder) == "1.0.4"
