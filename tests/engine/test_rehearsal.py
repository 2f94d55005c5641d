"""The simulated AWS by itself: its values, its answers and what it refuses."""

from __future__ import annotations

import json
import re
import string

import pytest

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import functions, marks
from aws_preflight.rehearsal.cloud.catalog import KINDS, kind_of
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.provider import serve
from aws_preflight.rehearsal.cloud.refusals import (
    Existing,
    RefusedError,
    create_service,
    group_tags,
    put_dashboard,
    register_task_definition,
    request_certificate,
)

GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/api/0123456789abcdef"


def facts(token: str, inputs: dict | None = None, name: str = "api") -> Facts:
    return Facts(f"urn:pulumi:dev::shop::{token}::{name}", inputs or {}, "eu-central-1")


def created(token: str, **inputs) -> tuple[str, dict]:
    known = facts(token, inputs)
    kind = kind_of(token)
    for name, template in kind.outputs.items():
        known.outputs.setdefault(name, inputs.get(name, known.fill(template)))
    return known.fill(kind.id), known.outputs


TOKENS = ("account", "digits", "hex", "logical", "lower", "region", "upper", "uuid")


@pytest.mark.parametrize("token", KINDS)
def test_every_kind_has_an_id_and_json_outputs(token):
    kind = KINDS[token]
    named_in_id = [name for _, name, *_ in string.Formatter().parse(str(kind.id)) if name]
    inputs = {name: "api" for name in [*named_in_id, kind.named] if name and name not in {*kind.outputs, *TOKENS}}
    id_, outputs = created(token, **inputs)
    assert isinstance(id_, str)
    assert id_
    assert not re.search(r"[{}]", id_)
    assert not re.search(r"\{\w+", json.dumps(outputs).replace('{"', "").replace("{}", ""))


def test_about_as_many_kinds_as_programs_use_are_known():
    assert len(KINDS) > 100


EXAMPLES = {
    "aws:ec2/vpc:Vpc": (r"vpc-[0-9a-f]{17}", "arn", r"arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-[0-9a-f]{17}"),
    "aws:ec2/instance:Instance": (r"i-[0-9a-f]{17}", "privateIp", r"10\.0\.1\.\d+"),
    "aws:acm/certificate:Certificate": (
        r"arn:aws:acm:eu-central-1:123456789012:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "status",
        "PENDING_VALIDATION",
    ),
    "aws:route53/zone:Zone": (r"Z[A-Z0-9]{20}", "primaryNameServer", r"ns-\d{3}\.awsdns-\d{2}\.com"),
    "aws:kms/key:Key": (r"[0-9a-f-]{36}", "arn", r"arn:aws:kms:eu-central-1:123456789012:key/[0-9a-f-]{36}"),
    "aws:brand/new:New": (r"api-[0-9a-f]{7}", "arn", r"arn:aws:brand:eu-central-1:123456789012:new/api-[0-9a-f]{7}"),
}


@pytest.mark.parametrize("token", EXAMPLES)
def test_values_have_the_form_that_aws_gives_them(token):
    id_pattern, output, pattern = EXAMPLES[token]
    id_, outputs = created(token)
    assert re.fullmatch(id_pattern, id_)
    assert re.fullmatch(pattern, outputs[output])


def test_an_internal_load_balancer_says_so_in_its_name():
    _, outputs = created("aws:lb/loadBalancer:LoadBalancer", name="api", internal=True)
    assert re.fullmatch(r"internal-api-\d{9}\.eu-central-1\.elb\.amazonaws\.com", outputs["dnsName"])


def test_a_network_load_balancer_has_a_dns_name_of_another_form():
    _, outputs = created("aws:lb/loadBalancer:LoadBalancer", name="api", loadBalancerType="network")
    assert re.fullmatch(r"api-[0-9a-f]{16}\.elb\.eu-central-1\.amazonaws\.com", outputs["dnsName"])
    assert outputs["arnSuffix"].startswith("net/api/")


def test_a_certificate_is_validated_once_for_each_name():
    names = {"domainName": "example.com", "subjectAlternativeNames": ["*.example.com", "example.org"]}
    _, outputs = created("aws:acm/certificate:Certificate", **names)
    assert [option["domainName"] for option in outputs["domainValidationOptions"]] == ["example.com", "example.org"]
    records = [option["resourceRecordName"] for option in outputs["domainValidationOptions"]]
    assert re.fullmatch(r"_[0-9a-f]{32}\.example\.org\.", records[1])
    assert len({option["resourceRecordValue"] for option in outputs["domainValidationOptions"]}) == 2


def test_a_cache_abbreviates_its_region():
    _, outputs = created("aws:elasticache/cluster:Cluster", clusterId="sessions", engine="redis")
    (node,) = outputs["cacheNodes"]
    assert re.fullmatch(r"sessions\.[a-z0-9]{6}\.0001\.euc1\.cache\.amazonaws\.com", node["address"])
    assert node["port"] == 6379


def test_what_is_made_from_an_unknown_value_is_unknown():
    _, outputs = created("aws:lb/loadBalancer:LoadBalancer", name=marks.UNKNOWN)
    assert outputs["arn"] == marks.UNKNOWN
    assert outputs["dnsName"] == marks.UNKNOWN
    assert outputs["zoneId"] == "Z215JYRZR1TBD5"


def test_values_differ_between_resources_and_not_between_runs():
    one, same, other = (facts("aws:ec2/vpc:Vpc", name=name).fill("vpc-{hex:17}") for name in ("a", "a", "b"))
    assert one == same != other


@pytest.mark.parametrize(
    ("token", "known_as"),
    [
        ("aws:alb/listener:Listener", "aws:lb/listener:Listener"),
        ("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"),
        ("aws:s3/bucketVersioningV2:BucketVersioningV2", "aws:s3/bucketVersioning:BucketVersioning"),
        ("aws:s3/BucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"),
        ("random:index/randomId:RandomId", "random:index/randomId:RandomId"),
    ],
)
def test_types_with_several_names_are_one(token, known_as):
    assert canonical(token) == known_as
    assert known_as in KINDS


def test_values_survive_the_wire():
    values = {"number": 80, "ratio": 0.5, "list": [None, True, {"a": ""}], "key": marks.secret("hunter2")}
    read = marks.plain_properties(marks.properties(values))
    assert read == {**values, "key": "hunter2"}
    assert isinstance(read["number"], int)


def test_a_policy_document_is_written_as_aws_reads_it():
    statement = {
        "sid": "Read",
        "actions": ["s3:GetObject", "s3:ListBucket"],
        "resources": ["arn:aws:s3:::assets"],
        "principals": [{"type": "Service", "identifiers": ["ecs-tasks.amazonaws.com"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}],
    }
    token = "aws:iam/getPolicyDocument:getPolicyDocument"
    answer = functions.answer(token, {"statements": [statement]}, "eu-central-1")
    assert json.loads(answer["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetObject"],
                "Resource": "arn:aws:s3:::assets",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            }
        ],
    }


def test_a_policy_document_overrides_statements_by_name():
    source = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow"}, {"Sid": "B", "Effect": "Allow"}]})
    override = json.dumps({"Statement": {"Sid": "A", "Effect": "Deny"}})
    arguments = {"sourcePolicyDocuments": [source], "overridePolicyDocuments": [override]}
    answer = functions.answer("aws:iam/getPolicyDocument:getPolicyDocument", arguments, "eu-central-1")
    statements = json.loads(answer["minifiedJson"])["Statement"]
    assert statements == [{"Sid": "B", "Effect": "Allow"}, {"Sid": "A", "Effect": "Deny"}]


def test_a_function_that_nobody_wrote_down_gives_its_arguments_back():
    answer = functions.answer("aws:brand/getNew:getNew", {"name": "a", "filter": None}, "eu-central-1")
    assert answer["name"] == "a"
    assert answer["id"]
    assert "filter" not in answer


def test_a_certificate_for_64_octets_is_accepted_and_65_are_refused():
    request_certificate({"domainName": "a" * 64}, [])
    with pytest.raises(RefusedError, match="can be no longer than 64 characters"):
        request_certificate({"domainName": "a" * 65}, [])


@pytest.mark.parametrize(
    ("group", "refused"),
    [("/ecs/api", False), ("Calling [toString] on an [Output<T>] is not supported.\n", True), ("a" * 513, True)],
)
def test_a_task_definition_names_a_log_group_that_can_exist(group, refused):
    container = {"name": "api", "LogConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": group}}}
    document = json.dumps([container]).replace("\\n", "\n")
    for definitions in (document, [container]):
        if refused:
            with pytest.raises(RefusedError, match="contains invalid characters"):
                register_task_definition({"containerDefinitions": definitions}, [])
        else:
            register_task_definition({"containerDefinitions": definitions}, [])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["AWS/ECS", "CPUUtilization", "ServiceName", "api"], None),
        (["AWS/ECS", "CPUUtilization", {"stat": "p99", "label": "CPU"}], None),
        ([{"expression": "m1 + m2"}], None),
        ({"namespace": "AWS/ECS"}, "Should be array"),
        (["AWS/ECS", "CPUUtilization", {"dimensions": {"ServiceName": "api"}}], "Should NOT have more than 2 items"),
    ],
)
def test_a_dashboard_has_rows_of_text(row, message):
    body = {"widgets": [{"type": "text"}, {"type": "metric", "properties": {"metrics": [row]}}]}
    if message is None:
        put_dashboard({"dashboardBody": json.dumps(body)}, [])
        return
    with pytest.raises(RefusedError) as error:
        put_dashboard({"dashboardBody": json.dumps(body)}, [])
    heading, _, errors = str(error.value).partition("\n")
    assert heading == "InvalidParameterInput: The dashboard body is invalid, there is 1 validation error:"
    assert json.loads(errors) == [{"dataPath": "/widgets/1/properties/metrics/0", "message": message}]


def test_a_service_needs_a_listener_only_for_target_groups_of_the_rehearsal():
    service = {"loadBalancers": [{"targetGroupArn": GROUP}]}
    group = Existing("aws:lb/targetGroup:TargetGroup", {}, {"arn": GROUP})
    listener = Existing("aws:lb/listener:Listener", {"defaultActions": [{"targetGroupArn": GROUP}]}, {})
    forward = {"actions": [{"forward": {"targetGroups": [{"arn": GROUP}]}}]}
    create_service(service, [])
    create_service(service, [group, listener])
    create_service(service, [group, Existing("aws:lb/listenerRule:ListenerRule", forward, {})])
    with pytest.raises(RefusedError, match=f"{GROUP} does not have an associated load balancer"):
        create_service(service, [group])


def test_tags_of_a_group_are_single_values():
    tags = [{"key": "a", "value": "x"}, {"key": "b", "value": True}, {"key": "c"}, {"key": "d", "value": ["x"]}]
    assert list(group_tags("asg", {"tags": tags})) == [
        "Attribute must be a single value, not a list. Examine values at 'asg.tags'."
    ]


def test_serving_says_where_the_engine_attaches():
    with serve(["aws", "tls"]) as providers:
        # By its own port each package is known: requests do not say which one they are for.
        assert re.fullmatch(r"aws:(\d+),tls:(?!\1$)\d+", providers)
