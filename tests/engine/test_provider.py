"""The simulated provider by its protocol, without an engine."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from aws_preflight.rehearsal.cloud import marks
from aws_preflight.rehearsal.cloud.provider import serve

CHANGED = provider_pb2.DiffResponse.DIFF_SOME


@pytest.fixture
def connect():
    """Connects as the engine does, once for every provider resource of a program."""
    with serve(["aws"], speed=1e6) as providers:
        channels = []

        def connect(region: str | None = None) -> provider_pb2_grpc.ResourceProviderStub:
            channel = grpc.insecure_channel(
                f"127.0.0.1:{providers.partition(':')[2]}", options=[("grpc.use_local_subchannel_pool", 1)]
            )
            channels.append(channel)
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest(args=marks.properties({"region": region} if region else {})))
            return stub

        yield connect
        for channel in channels:
            channel.close()


@pytest.fixture
def provider(connect):
    return connect("eu-central-1")


def urn(token: str, name: str = "api") -> str:
    return f"urn:pulumi:dev::shop::shop:index:App${token}::{name}"


def check(provider, token: str, inputs: dict) -> struct_pb2.Struct:
    request = provider_pb2.CheckRequest(urn=urn(token), news=marks.properties(inputs))
    return provider.Check(request).inputs


def create(provider, token: str, inputs: dict, preview: bool = False) -> tuple[str, dict]:
    properties = marks.properties(inputs)
    request = provider_pb2.CreateRequest(urn=urn(token), properties=properties, preview=preview)
    response = provider.Create(request)
    return response.id, marks.plain_properties(response.properties)


def test_check_passes_everything_through(provider):
    inputs = {
        "count": 3,
        "flag": True,
        "nothing": None,
        "list": [None, {"key": "resources", "propagateAtLaunch": True}, marks.UNKNOWN],
        "password": marks.secret("hunter2"),
        "__internal": "kept",
    }
    assert check(provider, "aws:brand/new:New", inputs) == marks.properties(inputs)


@pytest.mark.parametrize("given", [{}, {"name": None}])
def test_check_makes_up_a_missing_name(provider, given):
    name = check(provider, "aws:lb/targetGroup:TargetGroup", given)["name"]
    assert name.startswith("api-")
    assert len(name) == len("api-") + 7
    assert name == check(provider, "aws:lb/targetGroup:TargetGroup", {})["name"]


def test_check_keeps_a_name_that_is_unknown(provider):
    assert check(provider, "aws:lb/targetGroup:TargetGroup", {"name": marks.UNKNOWN})["name"] == marks.UNKNOWN


def test_a_preview_creates_nothing_and_knows_only_the_region(provider):
    id_, outputs = create(provider, "aws:ec2/subnet:Subnet", {"vpcId": "vpc-1"}, preview=True)
    assert id_ == ""
    assert outputs["vpcId"] == "vpc-1"
    assert outputs["arn"] == outputs["availabilityZone"] == marks.UNKNOWN
    assert outputs["region"] == "eu-central-1"


def test_a_creation_completes_the_inputs(provider):
    id_, outputs = create(provider, "aws:ec2/subnet:Subnet", {"vpcId": "vpc-1", "availabilityZone": "eu-central-1c"})
    assert outputs["arn"] == f"arn:aws:ec2:eu-central-1:123456789012:subnet/{id_}"
    assert outputs["availabilityZone"] == "eu-central-1c"


@pytest.mark.parametrize(("publish", "version"), [(True, "1"), (False, "$LATEST"), (None, "$LATEST")])
def test_what_is_published_has_a_number(provider, publish, version):
    """CloudFront takes a function at the edge by its number only."""
    inputs = {"name": "edge", "role": "r", **({} if publish is None else {"publish": publish})}
    _, outputs = create(provider, "aws:lambda/function:Function", inputs)
    assert outputs["version"] == version
    assert outputs["qualifiedArn"] == f"{outputs['arn']}:{version}"
    assert f":{version}/invocations" in outputs["qualifiedInvokeArn"]


def test_secrets_stay_marked(provider):
    request = provider_pb2.CreateRequest(
        urn=urn("aws:ssm/parameter:Parameter"), properties=marks.properties({"name": "a", "value": marks.secret("b")})
    )
    outputs = provider.Create(request).properties
    assert outputs["value"] == marks.properties(marks.secret("b"))


def test_each_connection_has_its_own_region(connect):
    near, far, default = connect("eu-central-1"), connect("us-west-2"), connect()
    arns = [create(provider, "aws:sqs/queue:Queue", {"name": "q"})[1]["arn"] for provider in (near, far, default)]
    assert [arn.split(":")[3] for arn in arns] == ["eu-central-1", "us-west-2", "us-east-1"]


def test_a_resource_may_have_a_region_of_its_own(provider):
    _, outputs = create(provider, "aws:sqs/queue:Queue", {"name": "q", "region": "sa-east-1"})
    assert outputs["arn"] == "arn:aws:sqs:sa-east-1:123456789012:q"


def test_a_difference_is_an_update_and_never_a_replacement(provider):
    old, new = ({"name": "q", "delaySeconds": seconds} for seconds in (0, 5))
    request = provider_pb2.DiffRequest(
        urn=urn("aws:sqs/queue:Queue"), old_inputs=marks.properties(old), news=marks.properties(new)
    )
    response = provider.Diff(request)
    assert (response.changes, list(response.diffs), list(response.replaces)) == (CHANGED, ["delaySeconds"], [])


def test_an_update_from_an_unknown_value_has_unknown_outputs(provider):
    request = provider_pb2.UpdateRequest(
        urn=urn("aws:sqs/queue:Queue"), news=marks.properties({"name": marks.UNKNOWN}), preview=True
    )
    outputs = marks.plain_properties(provider.Update(request).properties)
    assert outputs["arn"] == marks.UNKNOWN


@pytest.mark.parametrize(
    ("token", "id_", "output"),
    [
        ("aws:lb/targetGroup:TargetGroup", "arn:aws:elasticloadbalancing:x", "arn"),
        ("aws:cloudwatch/logGroup:LogGroup", "/ecs/api", "name"),
        ("aws:s3/bucket:Bucket", "assets", "bucket"),
    ],
)
def test_a_resource_can_be_read_by_its_id(provider, token, id_, output):
    response = provider.Read(provider_pb2.ReadRequest(id=id_, urn=urn(token)))
    assert response.id == id_
    assert response.properties[output] == id_


def test_a_listener_that_is_deleted_no_longer_serves_its_target_group(provider):
    _, group = create(provider, "aws:lb/targetGroup:TargetGroup", {"name": "api"})
    listener = {"loadBalancerArn": "arn", "defaultActions": [{"targetGroupArn": group["arn"]}]}
    service = {"name": "api", "loadBalancers": [{"targetGroupArn": group["arn"]}]}
    create(provider, "aws:lb/listener:Listener", listener)
    create(provider, "aws:ecs/service:Service", service)
    provider.Delete(provider_pb2.DeleteRequest(urn=urn("aws:lb/listener:Listener")))
    with pytest.raises(grpc.RpcError, match="does not have an associated load balancer"):
        create(provider, "aws:ecs/service:Service", service)


def test_a_stack_from_an_earlier_run_is_remembered(provider):
    _, group = create(provider, "aws:lb/targetGroup:TargetGroup", {"name": "api"})
    inputs = marks.properties({"defaultActions": [{"targetGroupArn": group["arn"]}]})
    provider.Diff(provider_pb2.DiffRequest(urn=urn("aws:lb/listener:Listener"), old_inputs=inputs, news=inputs))
    create(provider, "aws:ecs/service:Service", {"name": "api", "loadBalancers": [{"targetGroupArn": group["arn"]}]})


def test_it_can_be_served_from_a_prompt():
    command = [sys.executable, "-m", "aws_preflight.rehearsal.cloud.provider", "aws", "tls"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as server:
        providers = server.stdout.readline()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
    assert providers.startswith("aws:")
    assert ",tls:" in providers
