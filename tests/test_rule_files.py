"""Files of rules: what is wrong with one is told with its line; which regular expressions are taken; the scaffold."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from aws_preflight.preflight.rules import leaves
from tools.generate import rules
from tools.generate.linear import problem
from tools.generate.rule_files import MistakeError, rules_in
from tools.scaffold import new_rule

TYPE = "aws:sqs/queue:Queue"
REFUSE = "refuse: {at: delaySeconds, above: 900}"
SOUND = """\
sqs-count:
  title: A count is too high
  types: [aws:sqs/queue:Queue]
  refuse: {at: delaySeconds, above: 900}
  point: delaySeconds
  fix: lower it
  aws: "It must not be more than 900."
  call: sqs:CreateQueue
  docs: https://docs.aws.amazon.com/x
  provider: untested
  bad: [{delaySeconds: 901}]
  good: [{delaySeconds: 900}]
"""


def compiled(tmp_path: Path, text: str) -> list[dict]:
    (tmp_path / "sqs.yaml").write_text(text)
    return [rules.compiled(source) for source in rules_in(tmp_path / "sqs.yaml")]


def test_a_sound_rule_compiles(tmp_path):
    (row,) = compiled(tmp_path, SOUND)
    assert (row["level"], row["answer"]["basis"], row["reads"]) == ("advisory", "documented", ["delaySeconds"])
    assert row["wrong"] == {"typescript": "delaySeconds: 901", "python": "delay_seconds=901"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: A", "titel: A", 'sqs.yaml:2: sqs-count: titel: .*did you mean "title"'),
        ("above: 900", "abvoe: 900", 'sqs.yaml:4: sqs-count: refuse.abvoe: .*did you mean "above"'),
        ("at: delaySeconds,", "at: delaySecond,", 'refuse: .*no input delaySecond there; did you mean "delaySeconds"'),
        ("bad: [{delaySeconds", "bad: [{delay", r"sqs.yaml:11: sqs-count: bad\[0\].delay: .*no input delay"),
        ("[aws:sqs/queue:Queue]", "[aws:sqs/queue:Que]", 'no type .*; did you mean "aws:sqs/queue:Queue"'),
        ("docs: https", "docs: http", "sqs.yaml:9: sqs-count: docs: .*does not match"),
        ("  point: delaySeconds\n", "", "'point' is a required property"),
        ("fix: lower it", "title: twice", 'sqs.yaml:6: "title" stands twice'),
        (REFUSE, "refuse: {at: name, matches: (a+)+}", "refuse.matches: .*Regular expressions"),
        ("title: A count", "title: [", "sqs.yaml:3: this is no YAML"),
        ("delaySeconds, above: 900}", "'redrivePolicy[]', above: 1}", "leads to many values"),
        (REFUSE, "refuse: {some: 'name[]', where: {at: ., is: string}}", "each leads nowhere"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_line(tmp_path, old, new, message):
    assert old in SOUND
    with pytest.raises(MistakeError, match=message):
        compiled(tmp_path, SOUND.replace(old, new, 1))


def test_the_level_follows_the_evidence():
    facts = {"seen": "https://x", "provider": "accepts 5.100.0"}
    assert rules.level(facts) == "mandatory"
    for weaker in ({"provider": "untested"}, {"doubt": "it may be"}):
        assert rules.level(facts | weaker) == "advisory"
    assert rules.level({"docs": "https://x", "provider": "accepts 5.100.0"}) == "advisory"


def test_a_yaml_word_stays_a_text(tmp_path):
    text = SOUND.replace("delaySeconds: 901", "delaySeconds: 901, name: no").replace(
        "delaySeconds: 900", "name: 2012-10-17"
    )
    (source,) = (compiled(tmp_path, text), rules_in(tmp_path / "sqs.yaml"))[1]
    assert source.cases("bad")[0].inputs["name"] == "no"
    assert source.cases("good")[0].inputs["name"] == "2012-10-17"


def test_the_schema_knows_the_words_of_the_language():
    schema = json.loads(rules.SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    words = {*leaves.SUBJECTS, *leaves.OPTIONS, *leaves.TESTS}
    assert set(schema["$defs"]["leaf"]["properties"]) == words
    assert set(schema["$defs"]["leaf"]["properties"]["is"]["enum"]) == {*leaves.STATES, *leaves.KINDS}
    groups = [one["required"][0] for one in schema["$defs"]["condition"]["anyOf"] if "required" in one]
    assert tuple(groups) == leaves.GROUPS
    condition = jsonschema.Draft202012Validator({"$ref": "#/$defs/condition", "$defs": schema["$defs"]})
    for source in rules.sources():
        condition.validate(source.facts["refuse"])


# --- regular expressions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [r"[a-z]+(-[a-z]+)*", r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", r".*\.fifo", r"arn:aws[a-z-]*:sqs:[^:]+:[0-9]{12}:.*",
     r"rate\([0-9]+ (minute|minutes|hour|hours)\)", r"(ab*)*", r"\d{4}-\d\d"],
)  # fmt: skip
def test_a_linear_pattern_is_taken(pattern):
    assert problem(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+", r"(a*)*", r"(a|b|ab)*c", r".*x.*y", r"x*x*", r"(a*b*)*", r"(a?b?)*c", r"^a$", r"(?i)a", r"a(?=b)",
     r"(a)\1", r"(?:ab?b?){1,60}c", r"[a-z]{1,90}[a-z]{1,90}[a-z]{1,90}", r"(?:a{1,9}){1,9}"],
)  # fmt: skip
def test_another_is_not(pattern):
    assert problem(pattern)


# --- the scaffold -----------------------------------------------------------------------------------------------------


def test_a_new_rule_is_written_and_has_to_be_filled_in(tmp_path):
    path = new_rule.create("sqs-delay-too-long", TYPE, tmp_path)
    assert path == tmp_path / "sqs.yaml"
    (source,) = rules_in(path)
    with pytest.raises(MistakeError, match="sqs-delay-too-long"):
        rules.compiled(source)
    new_rule.create("sqs-name-too-long", TYPE, tmp_path)
    assert [source.id for source in rules_in(path)] == ["sqs-delay-too-long", "sqs-name-too-long"]


@pytest.mark.parametrize(
    ("id_", "token", "message"),
    [
        ("Bad Id", TYPE, "is not an id"),
        ("sqs-delay-too-long", "aws:sqs/queue:Que", 'did you mean "aws:sqs/queue:Queue"'),
        ("taken-already", TYPE, "exists already"),
    ],
)
def test_a_new_rule_that_cannot_be_is_refused(tmp_path, id_, token, message):
    new_rule.create("taken-already", TYPE, tmp_path)
    before = (tmp_path / "sqs.yaml").read_text()
    with pytest.raises(ValueError, match=message):
        new_rule.create(id_, token, tmp_path)
    assert (tmp_path / "sqs.yaml").read_text() == before
