"""Resources that need another one first, in whole programs that the real engine previews and deploys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.slow]

FOUND = {
    ("s3-notification-before-lambda-permission", "notification-hasty", "mandatory"),
    ("apigw-deployment-before-methods", "deployment-hasty", "mandatory"),
    ("lb-before-igw", "lb-hasty", "advisory"),
    ("lambda-esm-before-role-policy", "mapping-hasty", "advisory"),
}


def found(result: Result) -> set[tuple[str, str, str]]:
    return {(v.policy, v.urn.rpartition("::")[2], v.level) for v in result.violations}


@pytest.mark.parametrize("language", ["prerequisites", "prerequisites-python"])
def test_what_does_not_wait_is_found(program: Callable[[str], Path], language: str) -> None:
    with Workspace(program(language)) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
        some = workspace.preview(
            policy_pack=ROOT,
            policy_config={policy: "disabled" for policy, _, level in FOUND if level == "mandatory"},
        )
        up = workspace.up(policy_pack=ROOT)
    assert found(preview) == FOUND, preview.output
    assert preview.exit_code != 0
    # In an update the stack policies are asked when all is created.
    assert found(up) == {(policy, name, "advisory") for policy, name, _ in FOUND}, up.output
    assert found(some) == {one for one in FOUND if one[2] == "advisory"}, some.output
    assert some.exit_code == 0
    message = next(v.message for v in preview.violations if v.urn.endswith("::notification-hasty"))
    for part in (
        'needs the Permission "permission-hasty" to be there first',
        'both belong to the Function "function-hasty"',
        "AWS answers: InvalidArgument: Unable to validate the following destination configurations",
        "opts=pulumi.ResourceOptions(depends_on=[permission])"
        if "python" in language
        else "new aws.s3.BucketNotification(name, args, { dependsOn: [permission] });",
        "s3-notification-before-lambda-permission",
    ):
        assert part in message, message
