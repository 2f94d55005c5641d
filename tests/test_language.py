"""The language of the program is that of its project file, and of no other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from aws_preflight.preflight.language import runtime_of


@pytest.mark.parametrize(
    ("text", "runtime"),
    [
        ("name: shop\nruntime: nodejs\n", "nodejs"),
        ("runtime: python\nname: shop\n", "python"),
        ("name: 'shop' # ours\nruntime: \"yaml\"\n", "yaml"),
        ("name: shop\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n", "python"),
        ("name: shop\nruntime: # a comment\n  options:\n    typescript: true\n  name: nodejs\n", "nodejs"),
        ("name: shop\r\nruntime: go\r\n", "go"),
        # Another project, none at all, or a form that is not read: then it cannot be told.
        ("name: bookshop\nruntime: nodejs\n", ""),
        ("name: shopper\nruntime: nodejs\n", ""),
        ("runtime: nodejs\n", ""),
        ("name: shop\n", ""),
        ("name: shop\nruntime:\n  options: {}\ndescription: x\n  name: nodejs\n", ""),
        ("name: shop\nruntime: {name: python}\n", ""),
        ("", ""),
    ],
)
def test_the_runtime_of_a_project_file(text: str, runtime: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_bytes(text.encode())
    assert runtime_of("shop", str(tmp_path)) == runtime


def test_the_nearest_project_file_above_counts(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n")
    below = tmp_path / "src" / "deep"
    below.mkdir(parents=True)
    assert runtime_of("shop", str(below)) == "nodejs"
    (tmp_path / "src" / "Pulumi.yml").write_text("name: other\nruntime: python\n")
    assert runtime_of("shop", str(below)) == ""


@pytest.mark.parametrize("folder", ["", "relative", "/there/is/no/such/folder", "/\0"])
def test_a_folder_that_tells_nothing(folder: str) -> None:
    assert runtime_of("shop", folder) == ""


def test_what_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").mkdir()
    assert runtime_of("shop", str(tmp_path)) == ""
    assert runtime_of("", str(tmp_path)) == ""
