"""The scaffold of a row, and the form of the table."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from aws_preflight.policies.ordering import rows_of
from tools.scaffold.new_prerequisite import CASES, ROOT, TABLE, create, formatted

ROW = ("widget-needs-gear", "aws:m/widget:Widget", "aws:m/gear:Gear", "aws:m/box:Box")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in (TABLE, CASES / "bad.yaml", CASES / "good.yaml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_the_table_has_its_one_form() -> None:
    text = (ROOT / TABLE).read_text(encoding="utf-8")
    assert formatted(json.loads(text)) == text, "run: venv/bin/python -m tools.scaffold.new_prerequisite --format"


@pytest.mark.parametrize("hub", [ROW[3:], ()])
def test_a_row_is_added_with_a_case_that_breaks_it_and_one_that_keeps_it(copy: Path, hub: tuple[str, ...]) -> None:
    before = json.loads((copy / TABLE).read_text(encoding="utf-8"))["rows"]
    files = create(copy, *ROW[:3], *hub)
    assert {str(file.relative_to(copy)) for file in files} == {
        str(file) for file in (TABLE, CASES / "bad.yaml", CASES / "good.yaml")
    }
    table = json.loads((copy / TABLE).read_text(encoding="utf-8"))
    assert table["rows"][:-1] == before
    row = rows_of(table)[-1]
    assert row.consumers == {ROW[1]}
    assert row.needed[0].types == {ROW[2]}
    assert row.hubs == set(hub)
    for name, breaks in (("bad", True), ("good", False)):
        cases = yaml.compose((copy / CASES / f"{name}.yaml").read_text(encoding="utf-8"))
        assert isinstance(cases, yaml.SequenceNode)
        text = (copy / CASES / f"{name}.yaml").read_text(encoding="utf-8").rpartition('- title: "widget-needs-gear')[2]
        assert ("findings:" in text) == breaks
        assert ("dependencies: [needed]" in text) != breaks


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Widget", *ROW[1:]), "is not an id"),
        (("lb-before-igw", *ROW[1:]), "exists already"),
        ((ROW[0], "Widget", ROW[2]), "is not a type"),
        ((ROW[0], ROW[1], ROW[2], "box"), "is not a type"),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_written(copy: Path, arguments: tuple[str, ...], message: str) -> None:
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    with pytest.raises(ValueError, match=message):
        create(copy, *arguments)
    assert {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()} == before


def test_a_row_outside_the_language_is_refused() -> None:
    table = {"sets": {}, "rows": []}
    for condition, message in (
        ({"at": "a", "is": "maybe"}, "`is` is followed by one of"),
        ({"at": "a", "like": "b"}, "a condition has `at` and one of"),
        ({"is": "set"}, "a condition has `at` and one of"),
    ):
        row = {**json.loads((ROOT / TABLE).read_text(encoding="utf-8"))["rows"][0], "needed": [], "when": [condition]}
        with pytest.raises(ValueError, match=message):
            rows_of({**table, "rows": [row]})
