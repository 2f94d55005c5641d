"""Functions of a rehearsal: what `std` computes, and what is known of resources that the program has made itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aws_preflight.rehearsal.cloud import account, functions, kubernetes, lifecycle
from aws_preflight.rehearsal.cloud.account import ACCOUNT
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.refusals import Existing

COMPUTED: list[tuple[str, dict[str, Any], Any]] = [
    ("abs", {"input": -3}, 3),
    ("base64decode", {"input": "YQ=="}, "a"),
    ("base64encode", {"input": "a"}, "YQ=="),
    ("base64sha256", {"input": ""}, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ("basename", {"input": "a/b.txt"}, "b.txt"),
    ("chunklist", {"input": [1, 2, 3], "size": 2}, [[1, 2], [3]]),
    ("cidrhost", {"input": "10.0.0.0/16", "host": 258}, "10.0.1.2"),
    ("cidrhost", {"input": "10.0.0.0/16", "host": -2}, "10.0.255.254"),
    ("cidrnetmask", {"input": "172.16.0.0/12"}, "255.240.0.0"),
    ("cidrsubnet", {"input": "172.16.0.0/12", "newbits": 4, "netnum": 2}, "172.18.0.0/16"),
    ("cidrsubnets", {"input": "10.1.0.0/16", "newbits": [4, 4, 8]}, ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24"]),
    ("coalesce", {"input": ["", "b"]}, "b"),
    ("concat", {"input": [[1], [2]]}, [1, 2]),
    ("distinct", {"input": ["a", "b", "a"]}, ["a", "b"]),
    ("element", {"input": ["a", "b"], "index": 3}, "b"),
    ("flatten", {"input": [[1, [2]], 3]}, [1, 2, 3]),
    ("format", {"input": "%s-%03d is %q %v 100%%", "args": ["a", 7, "b", True]}, 'a-007 is "b" true 100%'),
    ("formatlist", {"input": "%s.%s", "args": ["a", ["x", "y"]]}, ["a.x", "a.y"]),
    ("indent", {"input": "a\nb", "spaces": 2}, "a\n  b"),
    ("join", {"input": ["a", "b"], "separator": ","}, "a,b"),
    ("jsondecode", {"input": '{"a": 1}'}, {"a": 1}),
    ("jsonencode", {"input": {"b": [1, True], "a": "<é>"}}, '{"a":"\\u003cé\\u003e","b":[1,true]}'),
    ("lookup", {"map": {"a": 1}, "key": "b", "default": 2}, 2),
    ("max", {"input": [1, 3, 2]}, 3),
    ("md5", {"input": "a"}, "0cc175b9c0f1b6a831c399e269772661"),
    ("merge", {"input": [{"a": 1}, {"a": 2}]}, {"a": 2}),
    ("parseint", {"input": "ff", "base": 16}, 255),
    ("range", {"limit": 4, "start": 1}, [1, 2, 3]),
    ("regexall", {"pattern": "[a-z]+", "string": "1a2b"}, ["a", "b"]),
    ("replace", {"text": "a1", "search": "/([a-z])/", "replace": "$1$1"}, "aa1"),
    ("slice", {"list": [1, 2, 3], "from": 1, "to": 2}, [2]),
    ("sort", {"input": ["b", "a"]}, ["a", "b"]),
    ("split", {"text": "a,b", "separator": ","}, ["a", "b"]),
    ("substr", {"input": "hello", "offset": -3, "length": 2}, "ll"),
    ("timeadd", {"timestamp": "2026-01-01T00:00:00Z", "duration": "1h30m"}, "2026-01-01T01:30:00Z"),
    ("title", {"input": "a bc"}, "A Bc"),
    ("tonumber", {"input": "1.5"}, 1.5),
    ("transpose", {"input": {"a": ["1", "2"], "b": ["2"]}}, {"1": ["a"], "2": ["a", "b"]}),
    ("urlencode", {"input": "a b&c"}, "a+b%26c"),
    ("zipmap", {"keys": ["a"], "values": [1]}, {"a": 1}),
]


@pytest.mark.parametrize(("name", "arguments", "result"), COMPUTED)
def test_the_functions_of_std_are_computed(name: str, arguments: dict[str, Any], result: Any) -> None:
    assert functions.answer(f"std:index:{name}", arguments, "us-east-1") == {"result": result}


def test_the_functions_of_std_read_the_files_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("content")

    def read(name: str, file: str) -> Any:
        return functions.answer(f"std:index:{name}", {"input": file}, "us-east-1", folder=tmp_path).get("result")

    assert read("file", "a.txt") == "content"
    assert (read("fileexists", "a.txt"), read("fileexists", "b.txt")) == (True, False)
    assert str(read("filesha256", "a.txt")).startswith("ed7002b4")
    assert read("file", "b.txt") is None


def test_arguments_come_back_in_the_types_of_the_schema() -> None:
    answer = functions.answer(
        "aws:ec2/getAmi:getAmi", {"mostRecent": "true", "owners": ["amazon"], "filters": []}, "eu-central-1"
    )
    assert (answer["mostRecent"], answer["owners"]) == (True, ["amazon"])


def test_the_architecture_that_is_asked_for_is_answered() -> None:
    filters = [{"name": "architecture", "values": ["arm64"]}]
    assert functions.answer("aws:ec2/getAmi:getAmi", {"filters": filters}, "eu-central-1")["architecture"] == "arm64"


def test_who_calls_is_in_the_partition_of_the_region() -> None:
    answer = functions.answer("aws:index/getCallerIdentity:getCallerIdentity", {}, "cn-north-1")
    assert answer["arn"] == "arn:aws-cn:iam::123456789012:user/rehearsal"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, ACCOUNT),
        ({"allowedAccountIds": ["210987654321"]}, "210987654321"),
        ({"allowedAccountIds": '["210987654321"]'}, "210987654321"),
        ({"allowedAccountIds": ["210987654321", "111111111111"]}, ACCOUNT),
        ({"assumeRole": {"roleArn": "arn:aws:iam::210987654321:role/deploy"}}, "210987654321"),
        (
            {
                "assumeRoles": '[{"roleArn": "arn:aws:iam::111111111111:role/hub"},'
                ' {"roleArn": "arn:aws:iam::210987654321:role/path/deploy"}]',
                "allowedAccountIds": ["111111111111"],
            },
            "210987654321",
        ),
        ({"assumeRole": "no JSON", "allowedAccountIds": "no JSON"}, ACCOUNT),
    ],
)
def test_the_account_is_the_one_that_a_provider_names(arguments: dict[str, Any], expected: str) -> None:
    assert account.of(arguments) == expected
    answer = functions.answer("aws:index/getCallerIdentity:getCallerIdentity", {}, "eu-west-1", account=expected)
    assert (answer["accountId"], answer["arn"]) == (expected, f"arn:aws:iam::{expected}:user/rehearsal")
    looked_up = functions.answer("aws:sns/getTopic:getTopic", {"name": "news"}, "eu-west-1", account=expected)
    assert looked_up["arn"] == f"arn:aws:sns:eu-west-1:{expected}:news"
    facts = Facts("urn:pulumi:dev::acme::aws:sqs/queue:Queue::jobs", {"name": "jobs"}, "eu-west-1", account=expected)
    assert lifecycle.created(facts, {"name": "jobs"})[1]["arn"] == f"arn:aws:sqs:eu-west-1:{expected}:jobs"


def test_a_host_has_a_chain_of_certificates() -> None:
    answer = functions.answer("tls:index/getCertificate:getCertificate", {"url": "https://a.example.com"}, "eu-west-1")
    assert answer["url"] == "https://a.example.com"
    root, own = answer["certificates"]
    assert (root["isCa"], own["isCa"], own["subject"]) == (True, False, "CN=https://a.example.com")
    assert root["sha1Fingerprint"] != own["sha1Fingerprint"]
    assert len(own["sha1Fingerprint"]) == 40


def test_files_of_kubernetes_are_read_and_charts_are_empty() -> None:
    text = "kind: Namespace\nmetadata: {name: shop}\n---\n# nothing\n---\nkind: Pod\n"
    decoded = functions.answer("kubernetes:yaml:decode", {"text": text}, "eu-west-1")["result"]
    assert decoded == [{"kind": "Namespace", "metadata": {"name": "shop"}}, {"kind": "Pod"}]
    assert (
        functions.answer(
            "kubernetes:yaml:decode",
            {
                "text": "a: [",
            },
            "eu-west-1",
        )["result"]
        == []
    )
    assert functions.answer("kubernetes:helm:template", {"jsonOpts": "{}"}, "eu-west-1")["result"] == []


def test_an_object_of_kubernetes_that_is_read_has_the_name_in_its_id() -> None:
    facts = Facts("urn:pulumi:dev::acme::kubernetes:core/v1:Namespace::system", {}, "eu-west-1")
    assert kubernetes.found(facts, "kube-system") == {"metadata": {"name": "kube-system"}}
    assert kubernetes.found(facts, "kube-system/dns") == {"metadata": {"name": "dns", "namespace": "kube-system"}}


def test_the_subnets_of_a_network_are_in_zones_of_their_own() -> None:
    for region, zones in (("eu-central-1", 3), ("us-west-1", 2)):
        ids = functions.answer("aws:ec2/getSubnets:getSubnets", {"filters": []}, region)["ids"]
        found = [functions.answer("aws:ec2/getSubnet:getSubnet", {"id": id_}, region) for id_ in ids]
        assert len({subnet["availabilityZone"] for subnet in found}) == len(ids) == zones
        urn = "urn:pulumi:dev::acme::aws:ec2/subnet:Subnet::some"
        read = [lifecycle.found(Facts(urn, {}, region), id_, {}) for id_ in ids]
        assert [one["availabilityZone"] for one in read] == [one["availabilityZone"] for one in found]


MADE = [
    Existing(
        "aws:ec2/vpc:Vpc",
        {},
        {"id": "vpc-1", "arn": "arn:vpc-1", "cidrBlock": "10.7.0.0/16", "tags": {"Name": "main"}},
    ),
    *(
        Existing(
            "aws:ec2/subnet:Subnet",
            {},
            {"id": f"subnet-{i}", "vpcId": "vpc-1", "cidrBlock": f"10.7.{i}.0/24", "tags": {"tier": tier}},
        )
        for i, tier in enumerate(("public", "private", "private"))
    ),
    Existing("aws:ssm/parameter:Parameter", {}, {"id": "/db", "name": "/db", "value": "x", "type": "String"}),
    Existing("aws:route53/zone:Zone", {}, {"id": "Z1", "zoneId": "Z1", "name": "acme-shop.io"}),
]


@pytest.mark.parametrize(
    ("token", "arguments", "name", "value"),
    [
        ("aws:ec2/getVpc:getVpc", {"id": "vpc-1"}, "cidrBlock", "10.7.0.0/16"),
        ("aws:ec2/getVpc:getVpc", {"tags": {"Name": "main"}}, "id", "vpc-1"),
        ("aws:ec2/getVpc:getVpc", {"filters": [{"name": "tag:Name", "values": ["ma*"]}]}, "id", "vpc-1"),
        ("aws:ec2/getVpc:getVpc", {"tags": {"Name": "other"}}, "cidrBlock", "172.31.0.0/16"),
        ("aws:ec2/getVpc:getVpc", {"default": True}, "cidrBlock", "172.31.0.0/16"),
        ("aws:ec2/getSubnet:getSubnet", {"id": "subnet-2"}, "cidrBlock", "10.7.2.0/24"),
        (
            "aws:ec2/getSubnets:getSubnets",
            {"filters": [{"name": "vpc-id", "values": ["vpc-1"]}], "tags": {"tier": "private"}},
            "ids",
            ["subnet-1", "subnet-2"],
        ),
        ("aws:route53/getZone:getZone", {"name": "acme-shop.io."}, "zoneId", "Z1"),
        ("aws:ssm/getParameter:getParameter", {"name": "/db"}, "type", "String"),
    ],
)
def test_what_the_program_has_made_is_found(token: str, arguments: dict[str, Any], name: str, value: Any) -> None:
    assert functions.answer(token, arguments, "eu-central-1", MADE)[name] == value
