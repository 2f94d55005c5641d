"""ECR refuses a lifecycle policy that its schema does not have, or whose rule for any image is not the last.

The policy is JSON in a string. Programs put it together from parts: two rules for `any`, tags in a rule for untagged
images, or a priority that puts the rule for all images before the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.documents.lifecycle_policy import DOCUMENTED, problems
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.json_documents import document_of
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import dig, has_unknown, quote

QUOTED = (
    "https://github.com/badmintoncryer/cdk-preflight"
    " rules/ecr/pf-ecr-lifecycle-rule-priority/rule.rego, and those beside it"
)
DOCUMENTATION = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"
SAYS = "InvalidParameterException: Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
_PLACES: Final = {
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ("policy",),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": ("lifecyclePolicy",),
    "aws-native:ecr:Repository": ("lifecyclePolicy", "lifecyclePolicyText"),
    "aws-native:ecr:RepositoryCreationTemplate": ("lifecyclePolicy",),
}


@resource_policy(
    id="ecr-lifecycle-policy-malformed",
    types=tuple(_PLACES),
    reads=("policy", "lifecyclePolicy"),
    title="A lifecycle policy has a shape that ECR does not know, or its rule for any image is not the last",
    refuses=(
        "A misspelt or missing name, a priority below 1, two rules for `any`, one that is not the last, lists of tags"
        " in a rule for `any` or `untagged`, both lists of tags in one rule, and a policy without rules."
    ),
    why_not_preview="The policy is a string to Pulumi and the provider; only ECR reads what is in it.",
    answer=Answer(
        text=f"{SAYS}Rule for tagStatus=ANY must have the highest rulePriority",
        operation="ecr:PutLifecyclePolicy",
        source=QUOTED,
    ),
    wrong=Code(
        typescript="""\
const keep = { countType: "imageCountMoreThan", countNumber: 5 };
new aws.ecr.LifecyclePolicy("tidy", {
    repository: repo.name,
    policy: JSON.stringify({ rules: [
        { rulePriority: 1, selection: { tagStatus: "any", ...keep }, action: { type: "expire" } },
        { rulePriority: 2, selection: { tagStatus: "untagged", ...keep }, action: { type: "expire" } },
    ] }),
});""",
        python="""\
keep = {"countType": "imageCountMoreThan", "countNumber": 5}
aws.ecr.LifecyclePolicy("tidy",
    repository=repo.name,
    policy=json.dumps({"rules": [
        {"rulePriority": 1, "selection": {"tagStatus": "any", **keep}, "action": {"type": "expire"}},
        {"rulePriority": 2, "selection": {"tagStatus": "untagged", **keep}, "action": {"type": "expire"}},
    ]}))""",
    ),
    right=Code(
        typescript="""\
const keep = { countType: "imageCountMoreThan", countNumber: 5 };
new aws.ecr.LifecyclePolicy("tidy", {
    repository: repo.name,
    policy: JSON.stringify({ rules: [
        { rulePriority: 1, selection: { tagStatus: "untagged", ...keep }, action: { type: "expire" } },
        { rulePriority: 2, selection: { tagStatus: "any", ...keep }, action: { type: "expire" } },
    ] }),
});""",
        python="""\
keep = {"countType": "imageCountMoreThan", "countNumber": 5}
aws.ecr.LifecyclePolicy("tidy",
    repository=repo.name,
    policy=json.dumps({"rules": [
        {"rulePriority": 1, "selection": {"tagStatus": "untagged", **keep}, "action": {"type": "expire"}},
        {"rulePriority": 2, "selection": {"tagStatus": "any", **keep}, "action": {"type": "expire"}},
    ]}))""",
    ),
    fix=Fix(words="write the rule as the documentation shows it, and the one for any image with the highest priority"),
    sources=(DOCUMENTATION, QUOTED),
)
def ecr_lifecycle_policy_malformed(resource: Resource) -> Iterator[Finding]:
    """Every rule of the policy, which is JSON."""
    first, *rest = _PLACES[resource.type]
    document = document_of(dig(resource.get(first), *rest))
    for problem in problems(document):
        value = dig(document, *problem.path)
        yield Finding(
            resource=resource,
            at=(first, *rest, *problem.path),
            message=problem.message,
            evidence="" if has_unknown(value) else quote(value),
            answer=Answer(text=f"{SAYS}{problem.answer}", operation="ecr:PutLifecyclePolicy", source=QUOTED)
            if problem.recorded
            else Answer(text=DOCUMENTED, operation="", source=DOCUMENTATION, basis="documented"),
            level=problem.level,
        )
