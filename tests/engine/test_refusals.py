"""Without a policy pack, a deployment fails exactly as the post-mortems tell."""

from __future__ import annotations

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import slow

pytestmark = pytest.mark.engine


@pytest.fixture
def stack(program):
    def stack(*mistakes: str) -> Workspace:
        config = {"aws:region": "ap-southeast-1", "engine-refused:mistakes": " ".join(mistakes)}
        return Workspace(program("refused"), config=config)

    return stack


ANSWERS = {
    "certificate": "ACM: RequestCertificate|InvalidDomainValidationOptionsException: The first domain name can be no "
    "longer than 64 characters.",
    "log_group": "ECS: RegisterTaskDefinition|ClientException: Log driver awslogs option 'awslogs-group' contains "
    "invalid characters.",
    "dashboard": "CloudWatch: PutDashboard|InvalidParameterInput: The dashboard body is invalid, there are 2 "
    "validation errors:\n"
    '[\n  {\n    "dataPath": "/widgets/0/properties/metrics/0",\n'
    '    "message": "Should NOT have more than 2 items"\n  },',
    "service": "ECS: CreateService|InvalidParameterException: The target group with targetGroupArn "
    "arn:aws:elasticloadbalancing:ap-southeast-1:123456789012:targetgroup/group-",
}


def test_a_preview_lets_all_of_them_through(stack):
    with stack(*ANSWERS) as workspace:
        preview = workspace.preview()
    assert preview.exit_code == 0, preview.output


@pytest.mark.parametrize("mistake", slow(ANSWERS, ["certificate", "log_group", "dashboard"]))
def test_aws_refuses_what_a_preview_lets_through(stack, mistake):
    with stack(mistake) as workspace:
        up = workspace.up()
    assert up.exit_code != 0
    operation, answer = ANSWERS[mistake].split("|")
    assert f"operation error {operation}, https response error StatusCode: 400" in up.errors[0]
    assert answer in up.errors[0]
    assert answer.partition("\n")[0] in up.output


@pytest.mark.slow
def test_a_service_that_waits_for_its_listener_is_accepted(stack):
    with stack("ordered_service") as workspace:
        up = workspace.up()
    assert up.exit_code == 0, up.output
    assert up.resource_changes == {"create": 5}


def test_the_provider_refuses_tags_of_the_wrong_shape_in_a_preview(stack):
    with stack("group_tags") as workspace:
        results = (workspace.preview(), workspace.up())
    for result in results:
        assert result.exit_code != 0
        assert "resource 'group' has a problem: Attribute must be a single value, not a map." in result.errors[0]
