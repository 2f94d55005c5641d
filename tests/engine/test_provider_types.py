"""What the simulated provider does with types that it knows from the schema alone, by its protocol."""

from __future__ import annotations

import json
import re

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from aws_preflight.rehearsal.cloud import marks
from aws_preflight.rehearsal.cloud.provider import serve


@pytest.fixture
def connect():
    """Connects to a provider that is configured with these arguments."""
    with serve(["aws"], speed=1e6) as providers:
        channels = []

        def connect(**arguments) -> provider_pb2_grpc.ResourceProviderStub:
            channel = grpc.insecure_channel(
                f"127.0.0.1:{providers.partition(':')[2]}", options=[("grpc.use_local_subchannel_pool", 1)]
            )
            channels.append(channel)
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest(args=marks.properties(arguments)))
            return stub

        yield connect
        for channel in channels:
            channel.close()


@pytest.fixture
def provider(connect):
    return connect(region="eu-central-1")


def urn(token: str, name: str = "api") -> str:
    return f"urn:pulumi:dev::shop::{token}::{name}"


def check(provider, token: str, inputs: dict, name: str = "api") -> tuple[dict, list[str]]:
    request = provider_pb2.CheckRequest(urn=urn(token, name), news=marks.properties(inputs))
    response = provider.Check(request)
    return marks.marked_properties(response.inputs), [failure.reason for failure in response.failures]


def create(provider, token: str, inputs: dict, preview: bool = False) -> tuple[str, dict]:
    response = provider.Create(
        provider_pb2.CreateRequest(urn=urn(token), properties=marks.properties(inputs), preview=preview)
    )
    return response.id, marks.marked_properties(response.properties)


def invoke(provider, token: str, **arguments) -> dict:
    response = provider.Invoke(provider_pb2.InvokeRequest(tok=token, args=marks.properties(arguments)))
    return marks.plain_properties(getattr(response, "return"))


@pytest.mark.parametrize(
    ("token", "inputs", "property_", "pattern"),
    [
        ("aws:glacier/vault:Vault", {}, "name", r"Api-[0-9a-f]{7}"),
        ("aws:s3/bucket:Bucket", {}, "bucket", r"api-[0-9a-f]{7}"),
        ("aws:rds/instance:Instance", {"instanceClass": "c"}, "identifier", r"Api[0-9a-f]{7}"),
        ("aws:sqs/queue:Queue", {"fifoQueue": True}, "name", r"Api-[0-9a-f]{7}\.fifo"),
        ("aws:kms/alias:Alias", {"targetKeyId": "k"}, "name", r"alias/Api-[0-9a-f]{7}"),
        ("aws:glue/catalogDatabase:CatalogDatabase", {}, "name", r"api_[a-z]{8}"),
        ("aws:athena/database:Database", {}, "name", r"Api_[0-9a-f]{7}"),
        ("aws:cloudwatch/eventTarget:EventTarget", {"arn": "a", "rule": "r"}, "targetId", r"Api-[0-9a-f]{7}"),
        ("aws:s3/bucketObject:BucketObject", {"bucket": "b"}, "key", r"Api"),
    ],
)
def test_names_are_made_up_as_the_provider_does(provider, token, inputs, property_, pattern):
    checked, failures = check(provider, token, inputs, "Api")
    assert failures == []
    assert re.fullmatch(pattern, checked[property_])


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("aws:sqs/queue:Queue", {"namePrefix": "api-"}),
        ("aws:rds/cluster:Cluster", {"engine": "aurora-postgresql"}),
        ("aws:route53/record:Record", {"zoneId": "z", "name": "a", "type": "A"}),
    ],
)
def test_some_resources_are_named_by_aws_or_not_at_all(provider, token, inputs):
    assert check(provider, token, inputs) == (inputs, [])


def test_defaults_are_filled_in(provider):
    assert check(provider, "aws:ec2/securityGroup:SecurityGroup", {})[0]["description"] == "Managed by Pulumi"
    given = {"name": "a", "description": "mine"}
    assert check(provider, "aws:ec2/securityGroup:SecurityGroup", given)[0] == given


def test_a_missing_argument_is_named_in_the_words_of_the_bridge(provider):
    _, failures = check(provider, "aws:ec2/subnet:Subnet", {"vpcId": None})
    assert failures == [
        'Missing required argument. The argument "vpc_id" is required, but no definition was found.. Examine values at '
        "'api.vpcId'."
    ]


def test_a_missing_argument_is_found_inside_objects_and_lists(provider):
    inputs = {"dashboardName": "d", "conditions": [{}], "listenerArn": "a", "actions": [{"type": "forward"}, {}]}
    _, failures = check(provider, "aws:lb/listenerRule:ListenerRule", inputs)
    assert failures == [
        'Missing required argument. The argument "actions.1.type" is required, but no definition was found.. Examine '
        "values at 'api.actions[1].type'."
    ]


@pytest.mark.parametrize("tag", [{"key": "a", "propagateAtLaunch": True}, {"key": "a", "value": None}])
def test_a_tag_of_a_group_needs_all_its_parts(provider, tag):
    _, failures = check(provider, "aws:autoscaling/group:Group", {"minSize": 1, "maxSize": 2, "tags": [tag]})
    assert failures[0].startswith('Missing required argument. The argument "tag.0.')
    assert failures[0].endswith("Examine values at 'api.tags'.")


def test_what_is_unknown_is_not_missing(provider):
    for tags in (marks.UNKNOWN, [marks.UNKNOWN], [{"key": "a", "value": marks.UNKNOWN, "propagateAtLaunch": True}]):
        inputs = {"minSize": 1, "maxSize": marks.UNKNOWN, "name": "a", "tags": tags}
        assert check(provider, "aws:autoscaling/group:Group", inputs) == (inputs, [])


def test_a_policy_document_that_is_an_object_becomes_json(provider):
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*"}]}
    inputs, _ = check(provider, "aws:iam/role:Role", {"assumeRolePolicy": document})
    assert inputs["assumeRolePolicy"] == json.dumps(document, sort_keys=True, separators=(",", ":"))
    document["Statement"][0]["Resource"] = marks.UNKNOWN
    assert check(provider, "aws:iam/role:Role", {"assumeRolePolicy": document})[0]["assumeRolePolicy"] == marks.UNKNOWN
    document["Statement"][0]["Resource"] = marks.secret("arn")
    assert marks.is_secret(check(provider, "aws:iam/role:Role", {"assumeRolePolicy": document})[0]["assumeRolePolicy"])


def test_inputs_keep_their_types_and_outputs_have_those_of_the_schema(provider):
    inputs = {
        "family": "api",
        "containerDefinitions": "[]",
        "cpu": 256,
        "memory": marks.secret(512),
        "trackLatest": "true",
    }
    checked, failures = check(provider, "aws:ecs/taskDefinition:TaskDefinition", inputs)
    assert (checked, failures) == (inputs, [])
    for preview in (True, False):
        _, outputs = create(provider, "aws:ecs/taskDefinition:TaskDefinition", inputs, preview)
        assert (outputs["cpu"], outputs["memory"], outputs["trackLatest"]) == ("256", marks.secret("512"), True)


def test_types_are_right_inside_objects_too(provider):
    rule = {"protocol": "tcp", "fromPort": "80", "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}
    _, outputs = create(
        provider, "aws:ec2/securityGroup:SecurityGroup", {"ingress": [rule], "tags": {"n": 1, "b": True}}
    )
    assert outputs["ingress"][0]["fromPort"] == 80
    assert outputs["tags"] == outputs["tagsAll"] == {"n": "1", "b": "true"}


def test_a_preview_knows_inputs_region_and_tags_and_nothing_else(provider):
    _, outputs = create(provider, "aws:glacier/vault:Vault", {"name": "v", "tags": {"a": "b"}}, preview=True)
    assert outputs == {
        "name": "v",
        "tags": {"a": "b"},
        "tagsAll": {"a": "b"},
        "region": "eu-central-1",
        "arn": marks.UNKNOWN,
        "location": marks.UNKNOWN,
        "id": marks.UNKNOWN,
    }


@pytest.mark.parametrize("encode", [json.dumps, lambda tags: tags])
def test_default_tags_are_in_all_tags(connect, encode):
    provider = connect(region="eu-central-1", defaultTags=encode({"tags": {"team": "payments", "stage": "dev"}}))
    for preview in (True, False):
        _, outputs = create(provider, "aws:sqs/queue:Queue", {"name": "q", "tags": {"stage": "test"}}, preview)
        assert outputs["tags"] == {"stage": "test"}
        assert outputs["tagsAll"] == {"team": "payments", "stage": "test"}
    assert create(provider, "aws:sqs/queue:Queue", {"tags": marks.UNKNOWN}, True)[1]["tagsAll"] == marks.UNKNOWN


@pytest.mark.parametrize(
    ("token", "inputs", "property_", "pattern"),
    [
        ("aws:glacier/vault:Vault", {"name": "v"}, "arn", r"arn:aws:glacier:eu-central-1:123456789012:vault/v"),
        ("aws:cloudwatch/eventBus:EventBus", {"name": "v"}, "arn", r"arn:aws:events:[^:]+:123456789012:event-bus/v"),
        ("aws:backup/plan:Plan", {"name": "v", "rules": []}, "version", r".+"),
        ("aws:ec2/vpnGateway:VpnGateway", {}, "arn", r"arn:aws:ec2:[^:]+:123456789012:vpn-gateway/vgw-[0-9a-f]{17}"),
        ("aws:docdb/cluster:Cluster", {}, "endpoint", r".+\.amazonaws\.com"),
        (
            "aws:iam/virtualMfaDevice:VirtualMfaDevice",
            {"virtualMfaDeviceName": "m"},
            "arn",
            r"arn:aws:iam::123456789012:.+",
        ),
        ("aws:transfer/server:Server", {}, "endpoint", r".+\.eu-central-1\..+"),
    ],
)
def test_outputs_have_the_form_that_their_name_promises(provider, token, inputs, property_, pattern):
    _, outputs = create(provider, token, inputs)
    assert re.fullmatch(pattern, outputs[property_])


def test_other_partitions_have_their_own_arns_and_domains(connect):
    _, outputs = create(connect(region="cn-north-1"), "aws:lb/loadBalancer:LoadBalancer", {"name": "lb"})
    assert outputs["arn"].startswith("arn:aws-cn:elasticloadbalancing:cn-north-1:")
    assert outputs["dnsName"].endswith(".cn-north-1.elb.amazonaws.com.cn")
    _, outputs = create(connect(region="us-gov-west-1"), "aws:sqs/queue:Queue", {"name": "q"})
    assert outputs["arn"].startswith("arn:aws-us-gov:sqs:us-gov-west-1:")


def test_secret_outputs_are_marked(provider):
    _, outputs = create(provider, "aws:iam/accessKey:AccessKey", {"user": "u"})
    assert marks.is_secret(outputs["secret"])
    assert marks.is_secret(outputs["sesSmtpPasswordV4"])


def test_an_update_leaves_what_it_does_not_touch(provider):
    token, old = "aws:lb/loadBalancer:LoadBalancer", {"name": "lb", "subnets": ["subnet-1"]}
    olds = {
        **old,
        "arn": "arn:aws:elasticloadbalancing:eu-central-1:999999999999:loadbalancer/app/lb/1",
        "dnsName": "x",
    }
    request = provider_pb2.UpdateRequest(
        urn=urn(token),
        olds=marks.properties(olds),
        old_inputs=marks.properties(old),
        news=marks.properties({**old, "idleTimeout": 30, "tags": {"a": "b"}}),
    )
    outputs = marks.plain_properties(provider.Update(request).properties)
    assert (outputs["arn"], outputs["dnsName"], outputs["idleTimeout"]) == (olds["arn"], "x", 30)
    assert outputs["tagsAll"] == {"a": "b"}


def test_what_is_read_has_the_id_in_all_its_outputs(provider):
    request = provider_pb2.ReadRequest(id="vpc-0123456789abcdef0", urn=urn("aws:ec2/vpc:Vpc"))
    outputs = marks.plain_properties(provider.Read(request).properties)
    assert outputs["arn"] == "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-0123456789abcdef0"


def test_what_is_refreshed_stays_as_it_was(provider):
    state = {"name": "q", "arn": "arn:aws:sqs:eu-central-1:999999999999:q", "url": "https://q", "tagsAll": {"a": "b"}}
    request = provider_pb2.ReadRequest(
        id="https://q", urn=urn("aws:sqs/queue:Queue"), properties=marks.properties(state)
    )
    outputs = marks.plain_properties(provider.Read(request).properties)
    assert {name: outputs[name] for name in state} == state


def test_a_component_of_another_package_is_refused_where_no_code_runs(provider):
    request = provider_pb2.ConstructRequest(type="awsx:ec2:Vpc", name="network")
    with pytest.raises(grpc.RpcError, match=r"awsx:ec2:Vpc \(network\) cannot be rehearsed"):
        provider.Construct(request)
    with pytest.raises(grpc.RpcError, match="eks:index:Cluster/getKubeconfig cannot be rehearsed"):
        provider.Call(provider_pb2.CallRequest(tok="eks:index:Cluster/getKubeconfig"))


def test_zones_depend_on_the_region(provider):
    zones = invoke(provider, "aws:index/getAvailabilityZones:getAvailabilityZones")
    assert zones["names"] == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    assert zones["zoneIds"] == ["euc1-az1", "euc1-az2", "euc1-az3"]
    assert (
        len(invoke(provider, "aws:index/getAvailabilityZones:getAvailabilityZones", region="us-east-1")["names"]) == 6
    )


@pytest.mark.parametrize(
    ("token", "arguments", "property_", "pattern"),
    [
        ("aws:iam/getRole:getRole", {"name": "deploy"}, "arn", r"arn:aws:iam::123456789012:role/deploy"),
        ("aws:ecr/getRepository:getRepository", {"name": "api"}, "repositoryUrl", r"123456789012\.dkr\.ecr\..+/api"),
        ("aws:ec2/getSecurityGroup:getSecurityGroup", {"name": "web"}, "id", r"sg-[0-9a-f]{17}"),
        ("aws:secretsmanager/getSecret:getSecret", {"name": "db"}, "arn", r"arn:aws:secretsmanager:.+:secret:db-\w{6}"),
        ("aws:kms/getKey:getKey", {"keyId": "alias/a"}, "arn", r"arn:aws:kms:eu-central-1:123456789012:key/.+"),
        ("aws:eks/getCluster:getCluster", {"name": "c"}, "endpoint", r"https://.+\.eks\.amazonaws\.com"),
        ("aws:ssm/getParameter:getParameter", {"name": "/aws/service/ami/x"}, "value", r"ami-[0-9a-f]{17}"),
        (
            "aws:index/arnBuild:arnBuild",
            {"partition": "aws", "service": "s3", "resource": "b"},
            "result",
            r"arn:aws:s3:::b",
        ),
    ],
)
def test_functions_answer_as_aws_would(provider, token, arguments, property_, pattern):
    assert re.fullmatch(pattern, invoke(provider, token, **arguments)[property_])


def test_made_up_lists_have_members_to_choose_from(provider):
    ids = invoke(provider, "aws:ec2/getSecurityGroups:getSecurityGroups")["ids"]
    assert len(set(ids)) == len(ids) == 3


@pytest.mark.parametrize(
    ("secret", "is_json"),
    [("shop/db", True), ("api-credentials", True), ("payments/db/master-password", False), ("github-token", False)],
)
def test_a_secret_is_what_its_name_says(provider, secret, is_json):
    """Programs parse most of them; a password goes to a database as it is, which takes no quotes."""
    found = invoke(provider, "aws:secretsmanager/getSecretVersion:getSecretVersion", secretId=secret)
    assert found["secretString"].startswith("{") is is_json


def test_the_token_of_a_registry_can_be_decoded(provider):
    import base64

    token = invoke(provider, "aws:ecr/getAuthorizationToken:getAuthorizationToken")
    assert base64.b64decode(token["authorizationToken"]).decode() == f"AWS:{token['password']}"


RANDOM = [
    ("random:index/randomPassword:RandomPassword", {"length": 24}, "result", r".{24}"),
    (
        "random:index/randomString:RandomString",
        {"length": 6, "special": False, "upper": False},
        "result",
        r"[a-z0-9]{6}",
    ),
    ("random:index/randomString:RandomString", {"length": 100}, "result", r".{100}"),
    ("random:index/randomId:RandomId", {"byteLength": 4}, "hex", r"[0-9a-f]{8}"),
    ("random:index/randomId:RandomId", {"byteLength": 4, "prefix": "p-"}, "hex", r"p-[0-9a-f]{8}"),
    ("random:index/randomId:RandomId", {"byteLength": 40}, "hex", r"[0-9a-f]{80}"),
    ("random:index/randomUuid:RandomUuid", {}, "result", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("tls:index/privateKey:PrivateKey", {"algorithm": "RSA"}, "publicKeyOpenssh", r"ssh-rsa \S+ rehearsal"),
    ("docker:index/image:Image", {"imageName": "repo/api:1"}, "repoDigest", r"repo/api:1@sha256:[0-9a-f]{64}"),
    ("docker-build:index:Image", {"tags": ["repo/api:1"]}, "ref", r"repo/api:1@sha256:[0-9a-f]{64}"),
]


@pytest.mark.parametrize(("token", "inputs", "property_", "pattern"), RANDOM)
def test_other_packages_give_plausible_values(provider, token, inputs, property_, pattern):
    _, outputs = create(provider, token, inputs)
    assert re.fullmatch(pattern, marks.revealed(outputs[property_]))


def test_a_random_integer_is_between_its_bounds_and_a_shuffle_holds_its_inputs(provider):
    assert 5 <= create(provider, "random:index/randomInteger:RandomInteger", {"min": 5, "max": 7})[1]["result"] <= 7
    inputs = {"inputs": ["a", "b", "c"], "resultCount": 2}
    results = create(provider, "random:index/randomShuffle:RandomShuffle", inputs)[1]["results"]
    assert len(results) == 2
    assert set(results) < {"a", "b", "c"}
    assert len(create(provider, "random:index/randomPet:RandomPet", {"length": 2, "prefix": "p"})[0].split("-")) == 3


def test_a_private_key_is_secret_and_says_that_it_is_none(provider):
    key = create(provider, "tls:index/privateKey:PrivateKey", {"algorithm": "RSA"})[1]["privateKeyPem"]
    assert marks.is_secret(key)
    assert "DUMMY" in marks.revealed(key)


def test_a_package_that_nobody_knows_gives_its_inputs_back(provider):
    id_, outputs = create(provider, "datadog:index/monitor:Monitor", {"query": "q"})
    assert id_
    assert outputs == {"query": "q"}
