"""Resources that need another one first, in whole programs that the real engine previews and deploys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.prerequisites.report import IGNORED_ROWS
from rehearsal.program.result import Result
from rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow

pytestmark = pytest.mark.engine

FOUND = {
    ("prerequisite-not-awaited", "notification-hasty", "mandatory"),
    ("prerequisite-not-awaited", "deployment-hasty", "mandatory"),
    ("prerequisite-race", "lb-hasty", "advisory"),
    ("prerequisite-race", "mapping-hasty", "advisory"),
}
IGNORED = ["s3-notification-needs-lambda-permission", "apigw-deployment-needs-methods"]


def found(result: Result) -> set[tuple[str, str, str]]:
    return {(v.policy, v.urn.rpartition("::")[2], v.level) for v in result.violations}


@pytest.mark.parametrize("language", slow(["prerequisites", "prerequisites-python"], ["prerequisites"]))
def test_what_does_not_wait_is_found(program: Callable[[str], Path], language: str) -> None:
    with Workspace(program(language)) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
        ignored = workspace.preview(
            policy_pack=ROOT,
            policy_config={
                "prerequisite-not-awaited": {"enforcementLevel": "mandatory", IGNORED_ROWS: IGNORED},
                "prerequisite-race": {"enforcementLevel": "advisory", IGNORED_ROWS: ["no-such-row"]},
            },
        )
        up = workspace.up(policy_pack=ROOT)
    assert found(preview) == FOUND, preview.output
    assert preview.exit_code != 0
    # In an update the stack policies are asked when all is created.
    assert found(up) == {(policy, name, "advisory") for policy, name, _ in FOUND}, up.output
    assert {one for one in found(ignored) if one[0] != "exemptions"} == {
        one for one in FOUND if one[0] == "prerequisite-race"
    }, ignored.output
    assert any('there is no "no-such-row"' in v.message for v in ignored.violations), ignored.output
    assert ignored.exit_code == 0
    message = next(v.message for v in preview.violations if v.urn.endswith("::notification-hasty"))
    for part in (
        'needs the Permission "permission-hasty" to be there first',
        'both belong to the Function "function-hasty"',
        "AWS answers: InvalidArgument: Unable to validate the following destination configurations",
        "new aws.s3.BucketNotification(name, args, { dependsOn: [permission] });",
        "opts=pulumi.ResourceOptions(depends_on=[permission])",
        "s3-notification-needs-lambda-permission",
    ):
        assert part in message, message
