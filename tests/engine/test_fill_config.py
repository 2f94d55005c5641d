"""Programs that require configuration which nobody gave: named at once, or made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.test_failures import node_program
from tests.engine.test_rehearse import rehearsed, write_program

pytestmark = pytest.mark.engine

TYPESCRIPT = """
const config = new pulumi.Config();
const size = config.requireNumber("size");
const fifo = config.requireBoolean("fifo");
const colour = config.require("col" + "our");
const tags = config.requireObject<{ owner: string }>("tags");
const shades = config.requireObject<string[]>("shades");
if (!fifo || tags.owner.length < 3) throw new Error("not as it should be");
shades.map(shade => new aws.sqs.Queue(`${colour}-${shade}`, { delaySeconds: size, tags: { owner: tags.owner } }));
"""
PYTHON = """
config = pulumi.Config()
size = config.require_int("size")
fifo = config.require_bool("fifo")
colour = config.require("col" + "our")
tags = config.require_object("tags")
shades = config.require_object("shades")
assert fifo and len(tags["owner"]) >= 3
for shade in shades:
    aws.sqs.Queue(f"{colour}-{shade}", delay_seconds=size, tags={"owner": tags["owner"]})
"""
PROGRAMS: dict[str, Callable[[Path], Path]] = {
    "python": lambda folder: write_program(folder, PYTHON),
    "typescript": lambda folder: node_program(folder, TYPESCRIPT),
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_all_of_it_is_named_at_once(tmp_path: Path, language: str) -> None:
    report = rehearsed(PROGRAMS[language](tmp_path))
    assert report.failure is not None
    assert (report.failure.kind, report.findings, report.exit_code) == ("config", [], 2)
    # The key that is put together is known to the SDK alone, which tells it when the others are there.
    assert report.failure.message == (
        "The program requires configuration that the stack dev does not have: shop:colour, shop:size. Its sources ask "
        "for more, where it comes so far: shop:fifo, shop:shades, shop:tags"
    )
    options = " ".join(f"--config shop:{key}=VALUE" for key in ("colour", "fifo", "shades", "size", "tags"))
    assert options in report.failure.advice


@pytest.mark.parametrize("language", PROGRAMS)
def test_made_up_configuration_brings_a_program_to_its_end_and_is_listed(tmp_path: Path, language: str) -> None:
    report = rehearsed(PROGRAMS[language](tmp_path), fill_config=True, config=["size=7"])
    assert report.failure is None
    assert report.summary.resources == 3
    (notice,) = [notice.text for notice in report.notices if notice.kind == "config"]
    assert notice == (
        "Made-up configuration: shop:colour = 1, shop:fifo = true, "
        'shop:shades = ["rehearsal-shade", "rehearsal-shad1", "rehearsal-shad2"], '
        'shop:tags = {"owner": "rehearsal-owner"}. Give the real values with --config'
    )


@pytest.mark.slow
def test_a_region_is_made_up_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    program = write_program(tmp_path, "aws.sqs.Queue('jobs', name=aws.config.region)\n")
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    report = rehearsed(program, fill_config=True)
    assert report.failure is None
    assert [notice.text for notice in report.notices] == [
        "Made-up configuration: aws:region = us-east-1. Give the real values with --config"
    ]
