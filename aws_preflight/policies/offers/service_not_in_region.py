"""Not every region has every service.

A program that worked in one region is deployed into another one, where the service has no endpoint: the provider finds
no such host, and tries for minutes. AWS opens regions for a service every month, so a table of them grows old, and this
warns. A region that the table does not know is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import module_of
from aws_preflight.preflight.rules.paths import region_of
from aws_preflight.preflight.values import quote

# Of each service what a program makes first: one finding is enough. The names are those that AWS writes.
TYPES: Final[Mapping[str, str]] = {
    "aws:amplify/app:App": "Amplify",
    "aws:appflow/flow:Flow": "AppFlow",
    "aws:appmesh/mesh:Mesh": "App Mesh",
    "aws:apprunner/service:Service": "App Runner",
    "aws:appstream/fleet:Fleet": "AppStream",
    "aws:auditmanager/assessment:Assessment": "Audit Manager",
    "aws:cleanrooms/collaboration:Collaboration": "Clean Rooms",
    "aws:cloud9/environmentEC2:EnvironmentEC2": "Cloud9",
    "aws:codeartifact/domain:Domain": "CodeArtifact",
    "aws:codecommit/repository:Repository": "CodeCommit",
    "aws:codeguruprofiler/profilingGroup:ProfilingGroup": "CodeGuru Profiler",
    "aws:codegurureviewer/repositoryAssociation:RepositoryAssociation": "CodeGuru Reviewer",
    "aws:codestarconnections/connection:Connection": "CodeStar Connections",
    "aws:comprehend/documentClassifier:DocumentClassifier": "Comprehend",
    "aws:comprehend/entityRecognizer:EntityRecognizer": "Comprehend",
    "aws:connect/instance:Instance": "Connect",
    "aws:customerprofiles/domain:Domain": "Customer Profiles",
    "aws:dataexchange/dataSet:DataSet": "Data Exchange",
    "aws:detective/graph:Graph": "Detective",
    "aws:emrcontainers/virtualCluster:VirtualCluster": "EMR on EKS",
    "aws:grafana/workspace:Workspace": "Managed Grafana",
    "aws:ivs/channel:Channel": "IVS",
    "aws:ivschat/room:Room": "IVS Chat",
    "aws:kendra/index:Index": "Kendra",
    "aws:lex/v2modelsBot:V2modelsBot": "Lex",
    "aws:lightsail/bucket:Bucket": "Lightsail",
    "aws:lightsail/containerService:ContainerService": "Lightsail",
    "aws:lightsail/database:Database": "Lightsail",
    "aws:lightsail/instance:Instance": "Lightsail",
    "aws:location/map:Map": "Location Service",
    "aws:location/placeIndex:PlaceIndex": "Location Service",
    "aws:location/tracker:Tracker": "Location Service",
    "aws:mediaconvert/queue:Queue": "MediaConvert",
    "aws:medialive/channel:Channel": "MediaLive",
    "aws:medialive/input:Input": "MediaLive",
    "aws:mediapackage/channel:Channel": "MediaPackage",
    "aws:mediapackagev2/channelGroup:ChannelGroup": "MediaPackage v2",
    "aws:memorydb/cluster:Cluster": "MemoryDB",
    "aws:neptune/cluster:Cluster": "Neptune",
    "aws:pinpoint/app:App": "Pinpoint",
    "aws:pipes/pipe:Pipe": "EventBridge Pipes",
    "aws:rekognition/collection:Collection": "Rekognition",
    "aws:rekognition/project:Project": "Rekognition",
    "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy": "Resilience Hub",
    "aws:schemas/registry:Registry": "EventBridge schema registries",
    "aws:securitylake/dataLake:DataLake": "Security Lake",
    "aws:signer/signingProfile:SigningProfile": "Signer",
    "aws:ssmcontacts/contact:Contact": "Incident Manager",
    "aws:ssmincidents/replicationSet:ReplicationSet": "Incident Manager",
    "aws:timestreamwrite/database:Database": "Timestream",
    "aws:transcribe/vocabulary:Vocabulary": "Transcribe",
    "aws:vpclattice/service:Service": "VPC Lattice",
    "aws:vpclattice/serviceNetwork:ServiceNetwork": "VPC Lattice",
}
ISSUE: Final = "https://github.com/devopsbox-io/aws-ecr-cleaner/issues/2"


@stack_policy(
    id="service-not-in-region",
    types=tuple(TYPES),
    creation=("arn", "graphArn", "mapArn", "indexArn", "trackerArn"),
    existing="silent",
    level="advisory",
    title="Something new is made in a region that does not have the service",
    refuses=(
        "Something new of a service in a region where CloudFormation knows no resource of the service and AWS's SDK no"
        " endpoint. A region that the table does not know is not judged."
    ),
    why_not_preview="The provider asks the service when it makes the resource, and not before.",
    answer=Answer(
        text="dial tcp: lookup apprunner.eu-central-1.amazonaws.com on 10.253.0.10:53: no such host",
        operation="apprunner:ListServices",
        source=ISSUE,
        who="The network",
    ),
    wrong=Code(
        typescript='new aws.lightsail.ContainerService("web", args, { provider: california }); // us-west-1',
        python='aws.lightsail.ContainerService("web", **args, opts=pulumi.ResourceOptions(provider=california))',
    ),
    right=Code(
        typescript='new aws.lightsail.ContainerService("web", args, { provider: oregon }); // us-west-2',
        python='aws.lightsail.ContainerService("web", **args, opts=pulumi.ResourceOptions(provider=oregon))',
    ),
    fix=Fix(words="make it in a region that has the service"),
    sources=(
        "https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html",
        ISSUE,
        "https://github.com/aws-cloudformation/cfn-lint (the resources of each region)",
        "https://github.com/boto/botocore (the endpoints)",
    ),
)
def service_not_in_region(stack: Stack) -> Iterator[Finding]:
    """Everything of a service in such a region."""
    known = table("service_regions")
    for resource in stack.of_type(*TYPES):
        region = region_of(resource)
        if region in known.values[module_of(resource.type)]:
            message = f"{TYPES[resource.type]} is not in {region} ({known.as_of})"
            yield Finding(resource=resource, at=("region",), message=message, evidence=quote(region), level="advisory")
