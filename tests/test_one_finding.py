"""One mistake is one finding, at the resource that has to change."""

from __future__ import annotations

from datetime import date
from typing import Any

from aws_preflight.policies import POLICIES
from aws_preflight.preflight import config
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run, Verdict
from aws_preflight.preflight.values import UNKNOWN
from tests.protocol import plain

TODAY = date(2027, 1, 10)


def node(name: str, type_: str, properties: dict[str, Any] | None = None, /, **made_from: str) -> dict[str, Any]:
    """A resource; each of `made_from` is a property that was made from the resource of that name."""
    sources = {property_: [source] for property_, source in made_from.items()}
    return {
        "name": name,
        "type": type_,
        "properties": {**(properties or {}), **dict.fromkeys(sources, UNKNOWN)},
        "dependencies": sorted({source for (source,) in sources.values()}),
        "propertyDependencies": sources,
    }


def verdicts(*nodes: dict[str, Any], exemptions: list[dict[str, str]] | None = None) -> list[Verdict]:
    resources: list[Resource] = plain(list(nodes))
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({}, {config.EXEMPTIONS: {"exemptions": exemptions}} if exemptions else {})
    run.configure_stack({})
    return [one for one in run.evaluate_stack({r.type for r in resources}, lambda: Stack(resources)) if one.finding]


API = node("api", "aws:apigateway/restApi:RestApi", {"name": "shop"})
METHOD = node("get", "aws:apigateway/method:Method", {"httpMethod": "GET"}, restApi="api")
INTEGRATION = node(
    "to-web", "aws:apigateway/integration:Integration", {"type": "HTTP"}, restApi="api", httpMethod="get"
)
DEPLOYMENT = node("v1", "aws:apigateway/deployment:Deployment", restApi="api")


def missing(found: list[Verdict], at: str) -> list[str]:
    return [one.finding.missing.rpartition("::")[2] for one in found if one.finding and one.urn.endswith(f"::{at}")]


def test_a_deployment_that_waits_for_the_integration_waits_for_its_method() -> None:
    assert missing(verdicts(API, METHOD, INTEGRATION, DEPLOYMENT), "v1") == ["to-web"]


def test_a_method_that_no_integration_brings_is_told_of() -> None:
    other = node("post", "aws:apigateway/method:Method", {"httpMethod": "POST"}, restApi="api")
    assert sorted(missing(verdicts(API, METHOD, other, INTEGRATION, DEPLOYMENT), "v1")) == ["get", "to-web"]


ROLE = node("worker", "aws:iam/role:Role", {"name": "worker"})
QUEUE = node("jobs", "aws:sqs/queue:Queue", {"name": "jobs"})
FUNCTION = node("fn", "aws:lambda/function:Function", {"name": "fn"}, role="worker")
MAPPING = node("map", "aws:lambda/eventSourceMapping:EventSourceMapping", functionName="fn", eventSourceArn="jobs")
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def test_the_policy_that_the_answer_speaks_of_is_named_first() -> None:
    first = node("a-logs", ATTACHMENT, {"policyArn": "arn:aws:iam::aws:policy/AWSLambdaBasic"}, role="worker")
    second = node("b", ATTACHMENT, {"policyArn": "arn:aws:iam::aws:policy/AWSLambdaSQSQueue"}, role="worker")
    assert missing(verdicts(ROLE, QUEUE, FUNCTION, MAPPING, first, second), "map") == ["b"]


VPC = node("vpc", "aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
GATEWAY = node("igw", "aws:ec2/internetGateway:InternetGateway", vpcId="vpc")
SUBNET = node("subnet", "aws:ec2/subnet:Subnet", {"cidrBlock": "10.0.0.0/24"}, vpcId="vpc")


def balancer(name: str) -> dict[str, Any]:
    return node(name, "aws:lb/loadBalancer:LoadBalancer", {"name": name}, subnets="subnet")


def test_advisories_of_one_rule_are_one_finding_that_names_all() -> None:
    found = verdicts(VPC, GATEWAY, SUBNET, *(balancer(f"web-{i}") for i in range(8)))
    (one,) = [verdict for verdict in found if verdict.finding and verdict.finding.explain == "lb-before-igw"]
    assert one.level == "advisory"
    assert one.urn.endswith("::web-0")
    assert one.finding
    assert one.finding.summary.endswith('. The same at "web-1", "web-2", "web-3", "web-4", "web-5" and 2 more')


def test_what_somebody_answers_for_stays_at_its_resource() -> None:
    exemption = {
        "policy": "lb-before-igw",
        "resource": "aws:lb/loadBalancer:LoadBalancer::web-0",
        "reason": "made by hand",
        "owner": "team",
        "expires": "2027-01-31",
    }
    found = verdicts(VPC, GATEWAY, SUBNET, *map(balancer, ("web-0", "web-1", "web-2")), exemptions=[exemption])
    rows = [one for one in found if one.finding and one.finding.explain == "lb-before-igw"]
    assert [(one.urn.rpartition("::")[2], bool(one.finding and one.finding.exemption)) for one in rows] == [
        ("web-0", True),
        ("web-1", False),
    ]
    assert rows[1].finding
    assert rows[1].finding.summary.endswith('. The same at "web-2"')


def test_what_refuses_stays_at_each_resource() -> None:
    fn = node("fn", "aws:lambda/function:Function", {"name": "fn"})
    bucket = node("b", "aws:s3/bucket:Bucket", {"bucket": "b"})
    permission = node(
        "p", "aws:lambda/permission:Permission", {"principal": "s3.amazonaws.com"}, function="fn", sourceArn="b"
    )
    notes = [
        {
            **node(name, "aws:s3/bucketNotification:BucketNotification", bucket="b"),
            "properties": {"bucket": UNKNOWN, "lambdaFunctions": [{"lambdaFunctionArn": UNKNOWN}]},
            "dependencies": ["b", "fn"],
            "propertyDependencies": {"bucket": ["b"], "lambdaFunctions": ["fn"]},
        }
        for name in ("one", "two")
    ]
    found = [one for one in verdicts(fn, bucket, permission, *notes) if one.level == "mandatory"]
    assert [one.urn.rpartition("::")[2] for one in found] == ["one", "two"]
