"""The scaffold of a rule of order, and its files: what is wrong with one is told with its line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from aws_preflight.policies.ordering import rules_of
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler
from tools.generate import ordering_rules
from tools.generate.rule_files import MistakeError, parsed
from tools.scaffold.new_ordering_rule import CASES, ROOT, RULES, create

QUEUE, TOPIC, KEY = "aws:sqs/queue:Queue", "aws:sns/topic:Topic", "aws:kms/key:Key"
RULE = ("queue-before-topic", QUEUE, TOPIC, KEY)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for file in (RULES / "sqs.yaml", RULES / "sets.yaml", CASES / "bad.yaml", CASES / "good.yaml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


@pytest.mark.parametrize("hub", [RULE[3:], ()])
@pytest.mark.parametrize("consumer", [QUEUE, KEY])
def test_a_rule_is_added_with_a_case_that_breaks_it_and_one_that_keeps_it(
    copy: Path, hub: tuple[str, ...], consumer: str
) -> None:
    before = ordering_rules.sources(copy / RULES)
    files = create(copy, RULE[0], consumer, TOPIC, *hub)
    own = RULES / ("sqs.yaml" if consumer == QUEUE else "kms.yaml")
    assert [str(file.relative_to(copy)) for file in files] == [
        str(file) for file in (own, CASES / "bad.yaml", CASES / "good.yaml")
    ]
    sources = ordering_rules.sources(copy / RULES)
    (source,) = (one for one in sources if one not in before)
    assert len(sources) == len(before) + 1
    declared = ordering_rules.compiled(source, ordering_rules.sets(copy / RULES))
    (rule,) = rules_of({"sets": {}, "rules": [declared]})
    assert rule.consumers == {consumer}
    assert rule.needed[0].types == {TOPIC}
    assert rule.hubs == set(hub)
    for name, breaks in (("bad", True), ("good", False)):
        cases = yaml.compose((copy / CASES / f"{name}.yaml").read_text(encoding="utf-8"))
        assert isinstance(cases, yaml.SequenceNode)
        text = (copy / CASES / f"{name}.yaml").read_text(encoding="utf-8").rpartition(f'- title: "{RULE[0]}')[2]
        assert ("findings:" in text) == breaks
        assert ("dependencies: [needed]" in text) != breaks


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Queue", *RULE[1:]), "is not an id"),
        (("sqs-policy-principal-before-role", *RULE[1:]), "exists already"),
        ((RULE[0], "aws:sqs/queue:Que", TOPIC), 'did you mean "aws:sqs/queue:Queue"'),
        ((RULE[0], QUEUE, TOPIC, "key"), "has no type key"),
    ],
)
def test_a_bad_rule_is_refused_and_nothing_is_written(copy: Path, arguments: tuple[str, ...], message: str) -> None:
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    with pytest.raises(ValueError, match=message):
        create(copy, *arguments)
    assert {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()} == before


SOUND = """\
queue-before-topic:
  pattern: misc
  consumer: aws:sqs/queue:Queue
  via: kmsMasterKeyId
  hub: aws:kms/key:Key
  when:
    - {at: fifoQueue, equals: true}
    - {of: hub, where: {at: policy, is: unset}}
  needed: policy of the topic
  level: advisory
  sources:
    - https://docs.aws.amazon.com/x
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pattern", "patern", 'sqs.yaml:2: queue-before-topic: patern: .*did you mean "pattern"'),
        ("equals", "eqals", r'sqs.yaml:7: queue-before-topic: when\[0\].eqals: .*did you mean "equals"'),
        ("is: unset", "is: maybe", r"sqs.yaml:8: queue-before-topic: when\[1\].where.is: .*is none of set, unset"),
        ("policy of the topic", "policies of the topic", 'sqs.yaml:9: .*no such list; did you mean "policy of the'),
        ("{at: fifoQueue, equals: true}", "some thing", r"sqs.yaml:7: .*when\[0\]: sets.yaml has no such condition"),
        ("  via: kmsMasterKeyId\n", "", "'via' is a dependency of 'hub'"),
        ("level: advisory", "level: silent", "'why' is a required property"),
        ("  via: kmsMasterKeyId\n  hub: aws:kms/key:Key\n", "", r"when\[1\].of: there is no hub here"),
        ("{at: fifoQueue, equals: true}", "{at: name, matches: (a+)+}", r"when\[0\].matches: .*Regular expressions"),
        ("of: hub", "of: [hub]", r"when\[1\].of: a list stands where hub or a chain"),
        ("at: policy", "at: 'policy[]'", r"where.at: .*leads to many values"),
        ("consumer: aws:sqs", "consumer: aws:sns", "sqs.yaml:3: .*belongs into sns.yaml"),
        ("sources:", "consumer:", 'sqs.yaml:11: "consumer" stands twice'),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SOUND
    shutil.copy(ROOT / RULES / "sets.yaml", tmp_path)
    (tmp_path / "sqs.yaml").write_text(SOUND, encoding="utf-8")
    ordering_rules.content(tmp_path)
    (tmp_path / "sqs.yaml").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MistakeError, match=message):
        ordering_rules.content(tmp_path)


def test_a_wrong_set_is_told_with_its_line(tmp_path: Path) -> None:
    text = (ROOT / RULES / "sets.yaml").read_text(encoding="utf-8")
    at = text.splitlines().index("      - {at: validationMethod, in: [DNS, EMAIL]}") + 1
    (tmp_path / "sets.yaml").write_text(text.replace("in: [DNS, EMAIL]", "in: DNS"), encoding="utf-8")
    with pytest.raises(MistakeError, match=rf"sets.yaml:{at}: sets: .*where\[0\].in: a string stands where a list"):
        ordering_rules.sets(tmp_path)


def test_no_two_rules_have_one_id(tmp_path: Path) -> None:
    shutil.copy(ROOT / RULES / "sets.yaml", tmp_path)
    for name in ("sns", "sqs"):
        (tmp_path / f"{name}.yaml").write_text(SOUND, encoding="utf-8")
    with pytest.raises(MistakeError, match=r"sqs.yaml:1: .*this id is taken by a rule in sns.yaml"):
        ordering_rules.content(tmp_path)


def test_a_condition_may_be_named_and_lists_become_one(tmp_path: Path) -> None:
    (tmp_path / "sets.yaml").write_text(
        "needed: {some topic: [{type: 'aws:sns/topic:Topic', when: a fifo topic}]}\n"
        "conditions: {a fifo topic: [{at: fifoTopic, equals: true}, {at: name, is: set}]}\n",
        encoding="utf-8",
    )
    text = SOUND.replace("policy of the topic", "some topic").replace("{at: fifoQueue, equals: true}", "a fifo topic")
    (tmp_path / "sqs.yaml").write_text(text, encoding="utf-8")
    whole = ordering_rules.content(tmp_path)
    both = [{"at": "fifoTopic", "equals": True}, {"at": "name", "is": "set"}]
    assert whole["sets"] == {"some topic": [{"type": TOPIC, "when": both}]}
    assert whole["rules"][0]["when"] == [*both, {"of": "hub", "where": {"at": "policy", "is": "unset"}}]


def test_the_schema_knows_the_rules_and_the_words_of_the_language() -> None:
    """The JSON Schema is what editors complete from; the tool asks the compiler about conditions."""
    folder = ordering_rules.FOLDER.parent
    registry: Registry = Registry().with_resources(
        (f"file:///{file}", Resource.from_contents(json.loads((folder / file).read_text(encoding="utf-8"))))
        for file in ("ordering/schema.json", "ordering/sets.schema.json", "rules/schema.json")
    )

    def validate(value: Any, file: str) -> None:
        validator = jsonschema.Draft202012Validator({"$ref": f"file:///ordering/{file}"}, registry=registry)
        errors = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value)]
        assert errors == []

    validate(parsed(ordering_rules.FOLDER / ordering_rules.SETS)[0], "sets.schema.json")
    for source in ordering_rules.sources():
        validate({source.id: source.facts}, "schema.json")
    schema = json.loads(ordering_rules.SCHEMA.read_text(encoding="utf-8"))
    known = [one["required"][0] for one in schema["$defs"]["condition"]["anyOf"] if "required" in one]
    assert {*known, "repeats"} == {*StackCompiler.groups}
