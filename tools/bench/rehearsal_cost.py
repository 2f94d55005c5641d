"""How long a rehearsal takes, beside a plain `pulumi preview` of the same program, on the simulated AWS.

`python -m tools.bench.rehearsal_cost` deploys programs of 50, 200 and 1,000 resources, in Python and in TypeScript,
with the pack watching as it does in a rehearsal. Preview and deployment run in turn, so that their ratio holds when the
machine's speed drifts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tools.engine.cli import find_or_build

ROOT = Path(__file__).parents[2]
SIZES = (50, 200, 1000)
LANGUAGES = ("python", "nodejs")
ROUNDS = 3
_PER_GROUP = 10
_CONFIG = {"aws:region": "eu-central-1"}

_PYTHON = """\
import json

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
for i in range({groups}):
    role = aws.iam.Role(f"role-{{i}}", assume_role_policy=json.dumps({{"Version": "2012-10-17", "Statement": []}}))
    aws.iam.RolePolicyAttachment(f"attachment-{{i}}", role=role.name, policy_arn="arn:aws:iam::aws:policy/PowerUser")
    logs = aws.cloudwatch.LogGroup(f"logs-{{i}}", retention_in_days=7)
    queue = aws.sqs.Queue(f"queue-{{i}}", tags={{"logs": logs.name}})
    topic = aws.sns.Topic(f"topic-{{i}}")
    aws.sns.TopicSubscription(f"subscription-{{i}}", topic=topic.arn, protocol="sqs", endpoint=queue.arn)
    subnet = aws.ec2.Subnet(f"subnet-{{i}}", vpc_id=vpc.id, cidr_block=f"10.0.{{i}}.0/24")
    group = aws.ec2.SecurityGroup(f"group-{{i}}", vpc_id=vpc.id, egress=[])
    container = {{"name": "api", "image": "api", "logConfiguration": {{"logDriver": "awslogs", "options": {{
        "awslogs-group": logs.name, "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "api"}}}}}}
    aws.ecs.TaskDefinition(f"task-{{i}}", family="api", container_definitions=pulumi.Output.json_dumps([container]))
    aws.cloudwatch.MetricAlarm(
        f"alarm-{{i}}", comparison_operator="GreaterThanThreshold", evaluation_periods=1, threshold=1, period=60,
        statistic="Sum", namespace="AWS/SQS", metric_name="NumberOfMessagesSent",
        dimensions={{"QueueName": queue.name}},
    )
"""

_TYPESCRIPT = """\
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

const vpc = new aws.ec2.Vpc('vpc', {{ cidrBlock: '10.0.0.0/16' }});
for (let i = 0; i < {groups}; i++) {{
  const role = new aws.iam.Role(`role-${{i}}`, {{
    assumeRolePolicy: JSON.stringify({{ Version: '2012-10-17', Statement: [] }}),
  }});
  new aws.iam.RolePolicyAttachment(`attachment-${{i}}`, {{
    role: role.name, policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  }});
  const logs = new aws.cloudwatch.LogGroup(`logs-${{i}}`, {{ retentionInDays: 7 }});
  const queue = new aws.sqs.Queue(`queue-${{i}}`, {{ tags: {{ logs: logs.name }} }});
  const topic = new aws.sns.Topic(`topic-${{i}}`);
  new aws.sns.TopicSubscription(`subscription-${{i}}`, {{ topic: topic.arn, protocol: 'sqs', endpoint: queue.arn }});
  new aws.ec2.Subnet(`subnet-${{i}}`, {{ vpcId: vpc.id, cidrBlock: `10.0.${{i}}.0/24` }});
  new aws.ec2.SecurityGroup(`group-${{i}}`, {{ vpcId: vpc.id, egress: [] }});
  const options = {{ 'awslogs-group': logs.name, 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'api' }};
  new aws.ecs.TaskDefinition(`task-${{i}}`, {{
    family: 'api',
    containerDefinitions: pulumi.jsonStringify([
      {{ name: 'api', image: 'api', logConfiguration: {{ logDriver: 'awslogs', options }} }},
    ]),
  }});
  new aws.cloudwatch.MetricAlarm(`alarm-${{i}}`, {{
    comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, period: 60, statistic: 'Sum',
    namespace: 'AWS/SQS', metricName: 'NumberOfMessagesSent', dimensions: {{ QueueName: queue.name }},
  }});
}}
"""


def write_program(folder: Path, language: str, size: int) -> Path:
    """Writes a program that makes about `size` resources."""
    groups = size // _PER_GROUP
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(json.dumps({"name": "bench", "runtime": language}), encoding="utf-8")
    if language == "python":
        (folder / "__main__.py").write_text(_PYTHON.format(groups=groups), encoding="utf-8")
    else:
        (folder / "index.ts").write_text(_TYPESCRIPT.format(groups=groups), encoding="utf-8")
        (folder / "package.json").write_text(json.dumps({"name": "bench", "main": "index.ts"}), encoding="utf-8")
        (folder / "node_modules").symlink_to(ROOT / "examples" / "node_modules")
    return folder


def seconds(run: Callable[[], Result]) -> tuple[float, Result]:
    """How long a command of the engine takes, and what became of it."""
    start = time.perf_counter()
    result = run()
    if result.exit_code != 0:
        raise RuntimeError(result.output)
    return time.perf_counter() - start, result


def measure(program: Path, rounds: int) -> tuple[int, float, float, float]:
    """The number of resources, the medians of preview and rehearsal in seconds, and the median of their ratios."""
    pairs = []
    resources = 0
    for _ in range(rounds):
        # A new workspace each time: a second deployment onto the same state would have nothing to create.
        with Workspace(program, config=_CONFIG, refusals=False, engine=find_or_build(), timeout=900) as workspace:
            preview, _ = seconds(workspace.preview)
            rehearsal, result = seconds(lambda: workspace.up(policy_pack=ROOT))
        resources = result.resource_changes["create"]
        pairs.append((preview, rehearsal))
    ratio = statistics.median(rehearsal / preview for preview, rehearsal in pairs)
    return resources, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints one line a program."""
    parser = argparse.ArgumentParser(description="Compares a rehearsal with a plain preview of the same program.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(arguments)
    sys.stdout.write(f"{'language':10}{'resources':>10}{'preview':>11}{'rehearsal':>11}{'ratio':>8}\n")
    with tempfile.TemporaryDirectory() as folder:
        for language in options.languages:
            for size in options.sizes:
                program = write_program(Path(folder) / f"{language}-{size}", language, size)
                resources, preview, rehearsal, ratio = measure(program, options.rounds)
                sys.stdout.write(f"{language:10}{resources:10}{preview:9.1f} s{rehearsal:9.1f} s{ratio:8.2f}\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
