"""Traces of Outputs: every one that was collected is found where it proves something, and nowhere else."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies.output_stringified import output_stringified
from aws_preflight.policies.outputs import strings
from aws_preflight.policies.outputs import traces as search
from aws_preflight.policies.outputs.fingerprints import Fingerprint, row_of, table
from aws_preflight.policies.outputs.first_look import may_hold_traces
from aws_preflight.policies.outputs.fixes import CODE
from aws_preflight.policies.outputs.strings import IN_LARGE_TEXTS, LARGE
from aws_preflight.policies.outputs.traces import EMPTY, ENUMERATED, traces_in
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.message import message_of, render
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Value, format_path
from tests.conftest import SAMPLES
from tests.protocol import decoded, diagnostics, struct
from tests.test_repository import parses
from tests.test_samples import case, entries, graph, resource

ROWS = table()
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
ANYWHERE = [row for row in ROWS if row.scope == "anywhere"]


def find(
    properties: dict[str, Any], type_: str = "aws:s3/bucket:Bucket", secrets: tuple[Any, ...] = ()
) -> list[Finding]:
    one = Resource(urn="u", type=type_, name="n", properties=decoded(properties), secrets=frozenset(secrets))
    return output_stringified.on_resource(one)


def said(properties: dict[str, Any]) -> list[tuple[str, str]]:
    return [(format_path(finding.at), finding.level) for finding in find(properties)]


@pytest.fixture(scope="module")
def examples() -> dict[str, list[str]]:
    collected = json.loads((SAMPLES / "output_fingerprints.json").read_text())
    return {**{row["id"]: row["positive_examples"] for row in collected}, **OWN}


OWN = {
    "undefined-host": [
        "https://undefined/callback",
        "http://None:8080",
        "postgres://app:secret@undefined:5432/db",
        "undefined.dkr.ecr.eu-central-1.amazonaws.com/shop:1",
        "123456789012.dkr.ecr.undefined.amazonaws.com/shop:1",
    ],
    "js-source-whole": [
        "() => bucket.id",
        "()=>name",
        "async () => { return 1 }",
        "function name() { return prefix; }",
    ],
    "net-resource-whole": ["Pulumi.Aws.S3.Bucket", "Pulumi.Aws.Lambda.FunctionArgs"],
    "java-optional-whole": ["Optional[my-bucket]", "Optional.empty"],
}
"""Rows that were not collected with the others."""


@pytest.mark.parametrize(
    "text",
    [
        "https://undefined.example.com/",
        "https://undefined-behavior.blog/",
        "https://example.com/undefined/x",
        "https://none-such.example.com",
        "undefined://x",
        "my-undefined.dkr.ecr.eu-central-1.amazonaws.com",
    ],
)
def test_a_host_that_only_begins_like_a_missing_value(text: str) -> None:
    assert [level for _, level in said({"value": text})] in ([], ["advisory"])


@pytest.mark.parametrize(
    "text", ["undefined-behavior-blog", "/ecs/undefined-api", "undefined.example.com", "undefined"]
)
def test_a_name_that_aws_takes_is_a_doubt(text: str) -> None:
    for properties in ({"bucket": text}, {"tags": {"Name": text}}, {"name": text}, {"domainName": text}):
        assert {level for _, level in said(properties)} <= {"advisory"}, properties


# --- every collected trace --------------------------------------------------------------------------------------------


def places(row: Fingerprint, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where a trace has to be found, with the path that has to be named."""
    if row.id == "js-source-whole":  # in names another row knows it, for sure
        yield "value", {"value": text}
        yield "environment.variables.A", {"environment": {"variables": {"A": text}}}
        return
    policy = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": [text]}]}
    yield "bucket", {"bucket": text}
    yield "policy.Statement[0].Resource[0]", {"policy": json.dumps(policy)}
    yield "policy.Statement[0].Resource[0]", {"policy": policy}
    yield "rules[1].names[0]", {"rules": [{"names": ["x"]}, {"names": [text]}]}
    if row.mistake.fix != "template":  # documents of other programs have placeholders of their own
        yield "input.body.name", {"input": json.dumps({"body": json.dumps({"name": text})})}
    if row.id != "urn":  # a tag may record the URN on purpose
        yield "tags.Name", {"tags": {"Name": text}}
        yield "tags[1].value", {"tags": [{"key": "a", "value": "b"}, {"key": "c", "value": text}]}
    if row.scope != "identifiers":
        yield "value", {"value": text}
        yield "environment.variables.A", {"environment": {"variables": {"A": text}}}
    if row.scope == "anywhere":
        yield "description", {"description": text}
        yield "settings", {"settings": {text: "x"}}


@each_row
def test_every_example_is_found_at_its_place(row: Fingerprint, examples: dict[str, list[str]]) -> None:
    for example in examples[row.id]:
        for path, properties in places(row, example):
            found = said(properties)
            assert may_hold_traces(struct(properties).SerializeToString()), (example, properties)
            # A document within the example has places of its own.
            assert [(at[: len(path)], level) for at, level in found] == [(path, row.level)], (example, properties)


SCRIPT = "#!/bin/bash\nset -e\nexport A={}\necho done\n"


@pytest.mark.parametrize("row", ANYWHERE, ids=lambda row: row.id)
def test_what_proves_anywhere_is_found_in_a_script(row: Fingerprint, examples: dict[str, list[str]]) -> None:
    for example in examples[row.id]:
        if not example.startswith(("{", "[", "OutputImpl", "a:")):  # what no script would hold in such a place
            assert said({"userData": SCRIPT.format(example)}) == [("userData", row.level)], example


# What the table knows in base64 itself.
IN_BASE64 = ("text-bracket", "text-python", "text-java", "py-pulumi-repr")


@pytest.mark.parametrize("id_", IN_BASE64)
def test_what_is_found_in_base64(id_: str, examples: dict[str, list[str]]) -> None:
    plain = [e for e in examples[id_] if re.match(r"Calling [\[_'].*", e) and len(e) > 40]
    plain += [e for e in examples[id_] if "<pulumi.output.Output object" in e]
    assert plain
    for i, example in enumerate(plain * 3):
        text = base64.b64encode(SCRIPT.format("x" * (i % 3) + example).encode()).decode()
        for properties in ({"userDataBase64": text}, {"userData": f"#cloud-config\nwrite_files:\n- content: {text}\n"}):
            (finding,) = find(properties)
            assert finding.message.startswith("in the base64 text: "), example
            assert finding.level == "mandatory"


@each_row
def test_a_message_names_mistake_language_and_what_is_right(row: Fingerprint, examples: dict[str, list[str]]) -> None:
    for example in examples[row.id]:
        (finding,) = find({"bucket": example})[:1]
        message = render(message_of(output_stringified, finding))
        assert re.search(r"at bucket.*: .+ \(.+\)\n", message)
        assert re.search(r"^Fix(: | in (TypeScript|Python):)", message, re.MULTILINE)
        assert row.id == "base64" or not row.may_hold_values or example not in message
        secret = find({"bucket": example}, secrets=(("bucket",),))
        assert all(
            not one.evidence or "(the value is secret" in render(message_of(output_stringified, one)) for one in secret
        )


NODE = "Calling [toString] on an [Output<T>] is not supported."
NODE_JSON = "Calling [toJSON] on an [Output<T>] is not supported."
PYTHON = "Calling __str__ on an Output[T] is not supported."


@pytest.mark.parametrize(
    ("properties", "typescript", "python", "words"),
    [
        ({"bucket": NODE}, "bucket: pulumi.interpolate`", "", "pulumi.interpolate"),
        ({"bucketPrefix": PYTHON}, "", "bucket_prefix=pulumi.Output.format(", "pulumi.Output.concat"),
        ({"bucket": "Calling [ToString] on an [Output<T>] is not supported."}, "", "", "Output.Format("),
        ({"bucket": "Calling 'toString' on an 'Output<T>' is not supported."}, "", "", "Output.format("),
        ({"bucket": "arn:aws:s3:::{0xc000011f80}"}, "", "", "pulumi.Sprintf(...) or .ApplyT(...)"),
        ({"bucket": "Pulumi.Output`1[System.String]"}, "", "", 'Output.Format($"...") or .Apply(...)'),
        # In a document the function of Pulumi stands around all of it, whatever made the text.
        ({"policy": json.dumps({"a": [NODE]})}, "policy: pulumi.jsonStringify(", "", "JSON function"),
        ({"policy": json.dumps({"a": NODE_JSON})}, "policy: pulumi.jsonStringify(", "", "pulumi.jsonStringify"),
        ({"inlinePolicy": json.dumps({"a": PYTHON})}, "", "inline_policy=pulumi.Output.json_dumps(", "JSON function"),
        ({"tags": {NODE: "x"}}, "tags: name.apply(key => ({ [key]: value }))", "", "the whole map inside the apply"),
        ({"tags": {"a": NODE}}, "value: pulumi.interpolate`", "", "pulumi.interpolate"),
        # In the name of a property itself.
        ({NODE_JSON: "x"}, "value: pulumi.jsonStringify(", "", "pulumi.jsonStringify"),
        ({"subnets": f"{NODE},{NODE}"}, "subnets: pulumi.all(", "", "join their values"),
        ({"subnets": f"{PYTHON},{PYTHON}"}, "", "subnets=pulumi.Output.all(", "join their values"),
    ],
)
def test_a_fix_is_one_of_the_place_and_the_language(
    properties: dict[str, Value], typescript: str, python: str, words: str
) -> None:
    (finding,) = find(properties)
    assert finding.fix is not None
    assert finding.fix.typescript.startswith(typescript)
    assert finding.fix.python.startswith(python)
    assert (bool(typescript), bool(python)) == (bool(finding.fix.typescript), bool(finding.fix.python))
    assert words in finding.fix.words


def test_every_fix_is_there_and_is_python() -> None:
    mistakes = [mistake for row in ROWS for mistake in (row.mistake, *(mistake for _, mistake in row.variants))]
    assert {mistake.fix for mistake in (*mistakes, ENUMERATED, EMPTY)} | {"key", "list"} == CODE.keys()
    for typescript, python in CODE.values():
        assert parses(python.format("value").rstrip(",")) or parses(python.format("value"))
        assert typescript.format("value").startswith("value: ")


@pytest.mark.parametrize(
    "value",
    [
        "Optional: team name",
        "Optional[a] and more",
        "x => y",
        "(a, b) => a + b is short",
        "Pulumi.Aws",
        "Pulumi.Aws.S3.Bucket is used here",
        "MyShop.Pulumi.Aws.Handler",
        "functional",
        "a function () {",
    ],
)
def test_a_value_that_only_looks_like_a_printed_thing(value: str) -> None:
    assert not find({"value": value})


@pytest.mark.parametrize("value", ["Optional[my-bucket]", "Pulumi.Aws.S3.Bucket", "() => bucket.id"])
def test_a_thing_that_is_printed_as_the_whole_value_is_found_at_any_place(value: str) -> None:
    assert [finding.at for finding in find({"environment": {"variables": {"X": value}}})]


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ({"Principal": {"AWS": {}}}, ["policy.Statement[0].Principal.AWS"]),
        ({"Principal": {"Service": [None]}}, ["policy.Statement[0].Principal.Service"]),
        ({"Resource": {}}, ["policy.Statement[0].Resource"]),
        ({"Condition": {}}, []),
        ({"Principal": "*"}, []),
        ({"Principal": {}}, []),
    ],
)
def test_what_a_promise_leaves_in_a_statement(statement: dict[str, Value], places: list[str]) -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **statement}]}
    found = find({"policy": json.dumps(document)})
    assert [(format_path(one.at), one.level) for one in found] == [(place, "advisory") for place in places]


# --- what is none -----------------------------------------------------------------------------------------------------


def near_misses(row: Fingerprint, positives: list[str]) -> list[str]:
    """Twenty strings that are nearly a trace: cut before it is one, or with a letter changed; none matches any row."""
    choose = random.Random(row.id)
    misses: list[str] = []
    for _ in range(20_000):
        text = choose.choice(positives)
        match = row.pattern.search(text)
        if match is None:
            continue
        if choose.random() < 0.3:
            miss = text[: choose.randint(match.start(), match.end() - 1)]
        else:
            at = choose.randint(match.start(), match.end() - 1)
            miss = text[:at] + choose.choice("x-_ .9Z") * choose.randint(0, 2) + text[at + 1 : match.end()]
        decoded = miss.encode().decode("unicode_escape", "replace") if "\\u" in miss else miss
        if miss not in misses and not any(one.pattern.search(text) for one in ROWS for text in (miss, decoded)):
            misses.append(miss)
        if len(misses) == 20:
            break
    return misses


@each_row
def test_what_is_nearly_a_trace_passes(row: Fingerprint, examples: dict[str, list[str]]) -> None:
    misses = near_misses(row, examples[row.id])
    assert len(misses) == 20
    for miss in misses:
        for _, properties in places(row, miss):
            assert said(properties) == [], miss


IN_CODE = [
    ("userData", "#!/bin/bash\nif [ x = '{}' ]; then\n  exit 1\nfi\n"),
    ("code", "export function handler(event) {{\n  return event !== '{}';\n}}\n"),
    ("content", "# Notes\n\nA text such as {} stands for a mistake.\n"),
    ("queryString", "fields @message | filter @message like '{}'"),
    ("description", "first line\nsecond line: {}"),
]


@pytest.mark.parametrize("row", [r for r in ROWS if r.scope != "anywhere"], ids=lambda row: row.id)
def test_scopes_are_kept(row: Fingerprint, examples: dict[str, list[str]]) -> None:
    for example in examples[row.id]:
        if any(one.pattern.search(example) for one in ANYWHERE):
            continue  # it proves something anywhere, by another row
        for name, template in IN_CODE:
            assert said({name: template.format(example)}) == [], (name, example)


TALK = [
    ("description", 'Counts runs that print "{}"'),
    ("description", "See the error {} in the log"),
    ("pattern", '"{}"'),
    ("searchString", "{}"),
    ("content", "# Runbook\n\n**Error**: `{}`\n\nUse apply.\n"),
    ("content", "# Runbook\n\n```\n{}\n```\n\nUse apply.\n"),
    ("content", "<h1>Errors</h1>\n<p>When you see <code>{}</code>, use apply.</p>\n"),
    ("content", 'expect(name).not.toContain("{}");\n'),
    ("content", 'assert str(name) == "{}"\n'),
    ("userData", '#!/bin/bash\nif grep -qF "{}" log; then exit 1; fi\n'),
    ("userData", "#!/bin/bash\n# {}\necho done\n"),
    ("queryString", 'fields @message | filter @message like "{}"'),
]
QUOTED = [
    "Calling [toString] on an [Output<T>] is not supported.",
    "Calling [toJSON] on an [Output<T>] is not supported",
    "Calling [ToString] on an [Output<T>]",
    "Calling __str__ on an Output[T] is not supported.",
    "Calling 'toString' on an 'Output<T>' is not supported.",
    "<pulumi.output.Output object at 0x7f1095d77450>",
    "com.pulumi.aws.s3.Bucket@232204a1",
    "%!s(MISSING)",
    "{0xc000137180}",
]


@pytest.mark.parametrize("text", QUOTED)
@pytest.mark.parametrize(("name", "template"), TALK, ids=[f"{name}-{i}" for i, (name, _) in enumerate(TALK)])
def test_a_text_that_speaks_of_a_trace_passes(name: str, template: str, text: str) -> None:
    assert said({name: template.replace("{}", text)}) == []


def test_legitimate_texts_pass_in_every_kind_of_property() -> None:
    names = ("name", "description", "userData", "content", "value", "bucket", "roleArn", "code", "policy", "domainName")
    for entry in json.loads((SAMPLES / "legit_strings.json").read_text()):
        text = entry["text"]
        container = {"name": text, "image": text, "command": [text], "environment": [{"name": "A", "value": text}]}
        statement = {"Effect": "Allow", "Action": text, "Resource": [text], "Condition": {"StringLike": {text: text}}}
        for properties in (
            *({name: text} for name in names),
            {"tags": {"Name": text}},
            {"tags": {text: "x"}},
            {"tags": [{"key": "Name", "value": text}]},
            {"policy": json.dumps({"Statement": [statement]})},
            {"policy": {"Statement": [statement]}},
            {"containerDefinitions": json.dumps([container])},
            {"input": json.dumps({"body": json.dumps({"text": text})})},
            {"userDataBase64": base64.b64encode(text.encode()).decode()},
            {"triggers": {"hash": text}, "names": [text], "ids": [[text]]},
        ):
            assert said(properties) == [], (text, properties)


def test_real_failures_of_outputs_turned_into_text(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    seen = 0
    for entry in entries("real_failures.jsonl"):
        own = {
            side: [d for d in diagnostics(pack, graph(entry[side])) if d.policyName == output_stringified.id]
            for side in ("bad", "good")
        }
        assert not own["good"], entry["id"]
        assert bool(own["bad"]) == (entry["class"] == "A"), entry["id"]
        assert all(d.enforcementLevel == pb.MANDATORY for d in own["bad"])
        assert len(own["bad"]) <= 1, "one finding for one mistake"
        seen += entry["class"] == "A"
    assert seen == 5


# --- alone where another policy knows more ----------------------------------------------------------------------------

WARNING = "Calling [toJSON] on an [Output<T>] is not supported."


def test_a_mistake_has_one_policy(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    def container(image: str, group: str) -> dict[str, Any]:
        log = {"logDriver": "awslogs", "options": {"awslogs-group": group, "awslogs-region": "eu-central-1"}}
        return {"name": f"a{len(image)}", "image": image, "logConfiguration": log}

    def policies(type_: str, properties: dict[str, Any]) -> list[str]:
        return sorted(d.policyName for d in diagnostics(pack, case(resource(type_, properties))))

    task = "aws:ecs/taskDefinition:TaskDefinition"
    both = json.dumps([container("nginx", WARNING), container(WARNING, "/ecs/b")])
    members = [{"key": key, "value": "true"} for key in ("isKnown", "isSecret", "promise", "resources")]
    named = {"key": "Name", "value": "x-" + WARNING}
    group, certificate = "aws:autoscaling/group:Group", "aws:acm/certificate:Certificate"
    assert policies(task, {"containerDefinitions": json.dumps([container("nginx", WARNING)])}) == [
        "awslogs-group-unresolved"
    ]
    assert policies(task, {"containerDefinitions": both}) == ["awslogs-group-unresolved", "output-stringified"]
    assert policies(group, {"tags": members}) == ["asg-tag-not-string"]
    assert policies(group, {"tags": [*members, named]}) == ["asg-tag-not-string", "output-stringified"]
    assert policies(group, {"tags": [{"key": "Name", "value": WARNING * 9}]}) == ["output-stringified"]
    for name in (WARNING, WARNING * 3, f"{WARNING}.cloudfront.net"):
        assert policies(certificate, {"domainName": name}) == ["output-stringified"], name
        assert policies(certificate, {"domainName": "a.example", "subjectAlternativeNames": [name]}) == [
            "output-stringified"
        ]


# --- the quick first look ---------------------------------------------------------------------------------------------


@each_row
def test_a_marker_stands_in_every_example(row: Fingerprint, examples: dict[str, list[str]]) -> None:
    assert row.markers
    assert all(marker == marker.lower() for marker in row.markers)
    for example in examples[row.id]:
        assert any(marker in example.lower() for marker in row.markers), example


@each_row
@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_a_marker_stands_in_all_that_a_pattern_finds(row: Fingerprint, data: st.DataObject) -> None:
    ascii_ = st.characters(max_codepoint=127)
    text = data.draw(st.from_regex(row.pattern, alphabet=ascii_))
    match = row.pattern.search(text)
    assert match is None or any(marker in text.lower() for marker in row.markers)
    assert match is None or may_hold_traces(struct({"bucket": text}).SerializeToString())
    if match is not None and row.id in IN_LARGE_TEXTS - {"base64"}:
        assert any(gate in text.lower() for gate, ids in strings._GATES.items() if row.id in ids)


@pytest.mark.parametrize("id_", sorted(IN_LARGE_TEXTS))
def test_large_texts_are_searched_from_end_to_end(id_: str, examples: dict[str, list[str]]) -> None:
    row = row_of(id_)
    filler = "echo hello\n" * (2 * LARGE // 11)
    text = min((e for e in examples[id_] if row.pattern.search(e)), key=lambda e: e.startswith(("[", "{")))
    for script in (f"A={text}\n{filler}", f"{filler}A={text}\n{filler}", f"{filler}A={text}"):
        assert said({"userData": script}) == [("userData", "mandatory")], text


def test_a_flood_of_near_traces_hides_none_at_its_end() -> None:
    flood = "calling [toe " * (LARGE // 6)
    assert said({"userData": f"{flood}\nA=Calling [toString] on an [Ou"}) == [("userData", "mandatory")]


def test_a_resource_without_a_marker_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_search", lambda *arguments: pytest.fail("searched"))
    assert traces_in({"bucket": "shop-logs", "tags": {"Team": "platform"}, "rules": [{"days": 30, "on": True}]}) == []


@pytest.mark.parametrize(
    "properties",
    [
        {"minSize": float("nan")},
        {"minSize": float("inf")},
        {"minSize": -1.8881545897087e289},
        {"policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": [None]}]}},
        {"policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": {}}]}},
        {"policy": '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": {}}]}'},
        {"tags": {"isKnown": True, "isSecret": True, "promise": True, "resources": []}},
    ],
)
def test_the_first_look_at_the_wire_sees_what_is_no_text(properties: dict[str, Any]) -> None:
    assert traces_in(decoded(properties))
    assert may_hold_traces(struct(properties).SerializeToString())


def test_the_first_look_at_the_wire_spares_most_resources(graphs: Path) -> None:
    looked = []
    for path in sorted(graphs.glob("*.json.gz"))[::4]:
        for entry in json.loads(gzip.decompress(path.read_bytes()))["mode"]["preview"]:
            if entry["rpc"] == "Analyze":
                request = json_format.ParseDict(entry["request"], pb.AnalyzeRequest(), ignore_unknown_fields=True)
                looked.append(may_hold_traces(request.properties.SerializeToString()))
    assert sum(looked) < len(looked) / 10


def test_documents_in_documents_end_somewhere() -> None:
    text: Any = WARNING
    for _ in range(12):
        text = json.dumps({"a": text})
    assert [level for _, level in said({"x": text})] == ["mandatory"]


def test_numbers_that_are_none() -> None:
    assert said({"port": float("nan"), "a": [float("inf")], "b": -1.8881545897087557e289, "c": 1e300, "d": 7}) == [
        ("a[0]", "mandatory"),
        ("b", "mandatory"),
        ("c", "mandatory"),
        ("port", "mandatory"),
    ]
