"""Where the engine comes from, with stand-ins for the programs that it takes minutes to build."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.engine import OLDEST, EngineUnavailableError, find
from tools.engine.cli import BUILD_ALWAYS, MODULES, built, find_or_build, yaml_host

GO = """#!/bin/sh
echo "$@" >> "$CALLS"
case $1 in
build) while [ "$1" != -o ]; do shift; done; {build} ;;
list) echo "$SDK" ;;
esac
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with nothing installed."""
    sdk = tmp_path / "sdk" / "python" / "cmd" / "pulumi-language-python-exec"
    sdk.parent.mkdir(parents=True)
    sdk.write_text("# the executor\n")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("SDK", str(tmp_path / "sdk"))
    monkeypatch.delenv(BUILD_ALWAYS, raising=False)
    return tmp_path


def install(machine: Path, name: str, script: str = "#!/bin/sh\necho v3.999.0\n") -> Path:
    path = machine / "bin" / name
    path.write_text(script)
    path.chmod(0o755)
    return path


def install_go(machine: Path, build: str = 'echo "#!/bin/sh" > "$2"') -> None:
    install(machine, "go", GO.replace("{build}", build))


def install_pulumi(machine: Path) -> Path:
    install(machine, "pulumi-language-python")
    install(machine, "pulumi-language-nodejs")
    return install(machine, "pulumi")


def test_without_pulumi_and_go_the_error_says_what_to_do(machine):
    with pytest.raises(EngineUnavailableError) as error:
        find_or_build()
    message = str(error.value)
    assert message.startswith("Neither Pulumi nor Go was found. Expected `pulumi` with `pulumi-language-python`")
    assert "https://www.pulumi.com/docs/install/ or https://go.dev/doc/install" in message


def test_an_installed_pulumi_is_used(machine):
    pulumi = install_pulumi(machine)
    engine = find_or_build()
    assert (engine.pulumi, engine.version, engine.built) == (pulumi, "v3.999.0", False)


def test_an_installed_pulumi_without_language_hosts_is_not(machine):
    install(machine, "pulumi")
    with pytest.raises(EngineUnavailableError):
        find_or_build()


@pytest.mark.parametrize("release", ["newest", "oldest"])
def test_an_installed_pulumi_can_be_ignored(machine, monkeypatch, release):
    install_pulumi(machine)
    install_go(machine)
    monkeypatch.setenv(BUILD_ALWAYS, release)
    assert find_or_build() == built(release)
    assert find_or_build().built


def test_only_the_two_releases_can_be_chosen(machine, monkeypatch):
    monkeypatch.setenv(BUILD_ALWAYS, "1")
    with pytest.raises(EngineUnavailableError, match="AWS_PREFLIGHT_BUILD_PULUMI is '1': expected newest or oldest"):
        find_or_build()


@pytest.mark.parametrize(("version", "accepted"), [("v3.229.9", False), ("v3.230.0", True), ("v4.0.0", True)])
def test_an_installed_pulumi_that_is_too_old_is_not_used(machine, version, accepted):
    install_pulumi(machine)
    install(machine, "pulumi", f"#!/bin/sh\necho {version}\n")
    if accepted:
        assert find("python").version == version
        return
    with pytest.raises(EngineUnavailableError) as error:
        find("python")
    assert f"Pulumi {version} at {machine}/bin/pulumi is too old: AWS preflight supports v3.230.0" in str(error.value)
    assert "Upgrade it: https://www.pulumi.com/docs/install/" in str(error.value)


def test_a_built_pulumi_is_kept(machine, capfd):
    install_go(machine)
    first, again = find_or_build(), find_or_build()
    assert first == again
    assert first.pulumi.is_relative_to(machine / "cache" / "aws-preflight" / f"pulumi-{first.version}")
    assert (machine / "calls").read_text().count("build") == 1
    output, progress = capfd.readouterr()
    assert output == ""
    assert progress.startswith(f"Building pulumi {first.version} from its Go modules, once: a few minutes.")


def test_the_version_is_stamped_into_it(machine):
    install_go(machine)
    newest, oldest = built("newest").version, built("oldest").version
    for version in (newest, oldest):
        assert f"/go/common/version.Version={version}" in (machine / "calls").read_text()
    assert oldest == f"v{'.'.join(map(str, OLDEST))}"
    assert tuple(map(int, newest[1:].split("."))) >= OLDEST


@pytest.mark.parametrize("page", ["README.md", "docs/rehearsal.md"])
def test_the_oldest_release_is_stated(page):
    text = (Path(__file__).parents[2] / page).read_text()
    assert re.findall(r"Pulumi (\d+\.\d+\.\d+) (?:and|or) newer", text) == [".".join(map(str, OLDEST))]


def test_cli_and_sdk_are_of_one_release():
    for release in ("newest", "oldest"):
        text = (MODULES / release / "go.mod").read_text()
        versions = set(re.findall(r"github\.com/pulumi/pulumi/(?:pkg|sdk)/v3 (v\S+)", text))
        assert len(versions) == 1, versions


def test_the_host_for_yaml_is_kept_too(machine):
    install_go(machine)
    first, again = yaml_host(), yaml_host()
    assert first == again
    assert first.name == "pulumi-language-yaml"
    assert (machine / "calls").read_text().count("build") == 1


def test_language_hosts_lie_beside_it(machine):
    install_go(machine)
    folder = find_or_build().pulumi.parent
    for name in ("pulumi-language-python", "pulumi-language-nodejs"):
        assert (folder / name).stat().st_mode & stat.S_IXUSR
        assert sys.executable in (folder / name).read_text()


def test_a_failed_build_leaves_nothing_and_tells_why(machine):
    install_go(machine, build='echo half > "$2"; echo "no such module" >&2; exit 1')
    with pytest.raises(EngineUnavailableError, match=r"go build .*` failed:\nno such module"):
        find_or_build()
    assert [path for path in (machine / "cache").rglob("*") if path.is_file()] == []


def test_the_environment_leads_to_an_installed_engine(machine):
    engine_path = install_pulumi(machine).parent
    path = find_or_build().environment({"PATH": "/elsewhere"})["PATH"].split(os.pathsep)
    assert path == [str(engine_path), "/elsewhere"]


def test_the_environment_leads_to_a_built_engine_and_to_this_python(machine):
    install_go(machine)
    engine = find_or_build()
    path = engine.environment({"PATH": "/elsewhere"})["PATH"].split(os.pathsep)
    assert path == [str(engine.pulumi.parent), str(Path(sys.executable).parent), "/elsewhere"]


@pytest.mark.engine
def test_the_command_prints_where_it_is():
    command = [sys.executable, "-m", "tools.engine.cli"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    version = subprocess.run([done.stdout.strip(), "version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v3.")
