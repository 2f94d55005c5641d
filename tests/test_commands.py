"""The commands about the pack itself."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from aws_preflight.cli.about import check_config, explain, list_policies
from aws_preflight.cli.config_file import UnreadableError, check
from aws_preflight.policies import POLICIES

CONFIG = """\
{
  "all": "advisory",
  "acm-domain-to-long": "mandatory",
  "acm-domain-too-long": {
    "enforcementLevel": "mandatry",
    "limit": 65
  },
  "asg-tag-not-string": 7,
  "exemptions": {
    "stackExemptions": "no",
    "notExemptible": ["awslogs-group-unresolved", "awslogs-group"],
    "exemptions": [
      {"policy": "acm-domain-too-long", "resource": "*", "reason": "r", "owner": "o", "expires": "2999-01-01"},
      {"policy": "acm-domain-too-long", "resource": "*", "reason": "r", "owner": "o",
       "expires": "soon"},
      {"policy": "acm-too-long", "resource": "*", "reason": "r", "owner": "o", "expires": "2999-01-01"}
    ]
  }
}
"""
STACK = """\
config:
  aws:region: eu-central-1
  aws-preflight:exemptions:
    - policy: acm-domain-too-long
      resource: "*::api"
      reason: moves to a short name
      owner: platform team
      expires: 2999-12-31
    - policy: acm-domain-too-long
      resource: "*::web"
      owner: platform team
      expires: 2999-12-31
    - {policy: acm-domain-too-long, resource: "*", reason: r, owner: o, expires: 2020-01-01}
"""


def run(command: object, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("    value:\n      - {policy: acm-domain-to-long}\n", ':6: config["aws-preflight:exemptions"].value[0]'),
        ("    - {policy: acm-domain-to-long}\n", ':5: config["aws-preflight:exemptions"][0]'),
    ],
)
def test_exemptions_of_a_project_may_be_a_value(tmp_path: Path, settings: str, said: str) -> None:
    file = tmp_path / "Pulumi.yaml"
    file.write_text(f"name: shop\nruntime: python\nconfig:\n  aws-preflight:exemptions:\n{settings}")
    result = run(check_config, str(file))
    assert result.exit_code == 1
    assert f"{file}{said}" in result.stdout
    assert 'did you mean "acm-domain-too-long"?' in result.stdout


def test_exemptions_of_a_stack_are_a_list(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config:\n  aws-preflight:exemptions:\n    value: []\n")
    assert "an object stands where a list of exemptions belongs" in run(check_config, str(file)).stdout


def test_several_files_are_all_checked(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "Pulumi.yaml", tmp_path / "levels.json", tmp_path / "none.json"
    good.write_text("name: shop\nruntime: python\n")
    bad.write_text('{"acm-domain-to-long": "advisory"}')
    result = run(check_config, str(bad), str(good))
    assert (result.exit_code, f"{good}: nothing wrong" in result.stderr) == (1, True)
    assert f"{bad}:1:" in result.stdout
    assert run(check_config, str(none), str(bad)).exit_code == 2


def test_a_project_without_settings_is_no_file_of_levels(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    assert run(check_config, str(tmp_path / "Pulumi.yaml")).exit_code == 0


def test_every_mistake_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "levels.json"
    file.write_text(CONFIG)
    result = run(check_config, str(file))
    assert result.exit_code == 1
    assert [line.removeprefix(f"{file}:") for line in result.stdout.splitlines()] == [
        '3: acm-domain-to-long: there is no policy "acm-domain-to-long"; did you mean "acm-domain-too-long"?',
        '5: acm-domain-too-long.enforcementLevel: "mandatry" is not a level; the levels are advisory, mandatory, '
        'remediate, disabled; did you mean "mandatory"?',
        '6: acm-domain-too-long.limit: there is no property "limit"',
        "8: asg-tag-not-string: a number stands where a level or an object belongs",
        "10: exemptions.stackExemptions: a string stands where boolean belongs",
        '11: exemptions.notExemptible[1]: there is no policy "awslogs-group"; did you mean "awslogs-group-unresolved"?',
        '15: exemptions.exemptions[1].expires: "soon" is not a date, such as 2027-01-31',
        '16: exemptions.exemptions[2].policy: there is no policy "acm-too-long"; did you mean "acm-domain-too-long"?',
    ]


def test_the_settings_of_a_stack() -> None:
    assert [(mistake.line, mistake.place, mistake.message) for mistake in check(STACK)] == [
        (
            9,
            'config["aws-preflight:exemptions"][1].reason',
            "this has to be a string that is not empty, and it is null",
        ),
        (13, 'config["aws-preflight:exemptions"][2].expires', "the exemption expired on 2020-01-01"),
    ]


def mistakes(text: str, name: str = "") -> list[tuple[int, str, str]]:
    return [(mistake.line, mistake.place, mistake.message) for mistake in check(text, name)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n  "acm-domain-too-long": "advisory",\n}', 3),
        ("acm-domain-too-long: advisory", 1),
        ("# levels\n{}", 1),
        ('{"acm-domain-too-long": "advisory"} {}'.replace("} {", "}\n#{"), 2),
        ('{"acm-domain-too-long": {"enforcementLevel": "advisory", "x": NaN}}', 1),
        ('{"acm-domain-too-long": {"enforcementLevel": "advisory", "x": 1e999}}', 1),
    ],
)
def test_what_the_engine_does_not_read_is_wrong_here(text: str, line: int) -> None:
    """It takes the file as JSON; `Pulumi.<stack>.yaml` is YAML."""
    found = [place for place in mistakes(text, "levels.json") if "the engine reads this file as JSON" in place[2]]
    assert [place[0] for place in found] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        '{\n\t"acm-domain-too-long":\t"advisory"\n}',
        '{"acm-domain-too-long": {"enforcementLevel": "advisory"}, "all": "\\u0061dvisory"}',
        '{"exemptions": {"notExemptible": ["acm\\u002ddomain-too-long"], "longestTermDays": 90}}',
    ],
)
def test_what_the_engine_reads_is_right_here(text: str) -> None:
    assert mistakes(text, "levels.json") == []


def test_a_file_of_json_that_no_reader_of_yaml_takes_has_its_mistakes() -> None:
    assert [place[1] for place in mistakes('{\n"x\\/y": "advisory"}', "levels.json")] == ['["x/y"]']


EXEMPTED = """\
config:
  aws-preflight:exemptions:
    - {{policy: acm-domain-too-long, resource: r, reason: r, owner: o, expires: {}}}"""


@pytest.mark.parametrize(
    "expires", ["2027-02-30", "'2027-02-30'", "31.1.2999", "29990131", "2999-W01-1", "2999-01-31T00:00:00Z"]
)
def test_a_day_that_no_calendar_has(expires: str) -> None:
    found = mistakes(EXEMPTED.format(expires), "Pulumi.prod.yaml")
    assert [(line, place.rpartition(".")[2]) for line, place, _ in found] == [(3, "expires")]


@pytest.mark.parametrize(
    "value",
    ["!!int x", "!!timestamp x", "!!float x", "!!bool x", "!secret x", "!!python/object:os.system x", "!!binary eA=="],
)
def test_a_tag_that_does_not_fit_is_named_with_its_line(value: str) -> None:
    if value.startswith("!!timestamp"):
        assert "is not a date" in mistakes(EXEMPTED.format(value))[0][2]
        return
    with pytest.raises(UnreadableError, match=r"line 3, column \d+: the tag .* does not fit"):
        check(EXEMPTED.format(value))


def test_aliases_that_stand_for_ever_more_of_each_other_are_refused() -> None:
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(UnreadableError, match="parts, those of aliases included"):
        check("\n".join(bomb))
    with pytest.raises(UnreadableError, match=r"nested too deeply|parts"):
        check("a: &a [*a]")
    aliased = (
        EXEMPTED.format("&day 2999-01-31")
        + "\n    - {policy: acm-domain-too-long, resource: s, reason: r, owner: o, expires: *day}"
    )
    assert mistakes(aliased) == []


def test_exemptions_of_a_stack_may_be_a_text_of_json() -> None:
    text = json.dumps([{"policy": "acm-domain-too-long", "resource": "r", "reason": "r", "owner": "o", "expires": "x"}])
    found = mistakes(f"config:\n  aws-preflight:exemptions: '{text}'")
    assert found == [(2, 'config["aws-preflight:exemptions"][0].expires', '"x" is not a date, such as 2027-01-31')]


def test_the_settings_of_a_stack_without_any_are_no_levels() -> None:
    assert mistakes("encryptionsalt: v1:x\n", "Pulumi.prod.yaml") == []


def test_an_organization_is_held_to_its_own_limits() -> None:
    item = {"policy": "asg-tag-not-string", "resource": "*", "reason": "r", "owner": "o", "expires": "2999-12-31"}
    own = {"longestTermDays": 90, "allResources": False, "notExemptible": ["asg-tag-not-string"], "exemptions": [item]}
    found = mistakes(json.dumps({"exemptions": own}))
    assert [place.rpartition(".")[2] for _, place, _ in found] == ["expires", "policy", "resource"]


def test_a_file_without_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "levels.json"
    file.write_text('{"all": "advisory", "acm-domain-too-long": {"enforcementLevel": "disabled"}}')
    result = run(check_config, str(file))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "nothing wrong" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": ', "is neither JSON nor YAML: line 1, column "),
        (b"a: b: c", "is neither JSON nor YAML: line 1, column 5"),
        (b"\xff\xfe\x00", "cannot be read: not UTF-8 text"),
        (b"[" * 5000, "is neither JSON nor YAML"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "levels.json"
    file.write_bytes(content)
    result = run(check_config, str(file))
    assert result.exit_code == 2, result.output
    assert message in result.stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run(check_config, str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert "cannot be read: No such file or directory" in result.stderr


@given(st.text())
def test_no_text_causes_a_traceback(text: str) -> None:
    with contextlib.suppress(UnreadableError):
        check(text)


def test_list_names_every_policy() -> None:
    lines = run(list_policies).stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[policy.id, policy.level] for policy in POLICIES]


def test_explain_shows_the_page() -> None:
    text = run(explain, "acm-domain-too-long").stdout
    assert text.startswith("# acm-domain-too-long")
    assert "The first domain name can be no longer than 64 characters" in text


def test_explain_knows_rules_of_order() -> None:
    text = run(explain, "s3-notification-before-lambda-permission").stdout
    assert text.startswith("## s3-notification-before-lambda-permission")
    assert "needs Permission to be there first" in text
    assert "Unable to validate the following destination configurations" in text
    assert "https://github.com/" in text


def test_explain_suggests_an_id() -> None:
    result = run(explain, "acm-domain-to-long")
    assert result.exit_code == 2
    assert 'did you mean "acm-domain-too-long"?' in result.stderr
