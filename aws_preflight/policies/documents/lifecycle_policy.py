"""Lifecycle policies of ECR: rules with a priority, a selection of images, and what becomes of them.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html; the answers are those that
https://github.com/badmintoncryer/cdk-preflight quotes (rules/ecr/pf-ecr-lifecycle-*/rule.rego). ECR holds a policy
against a JSON schema first and says then what the schema cannot. What the rules in `policies/rules/ecr.yaml` tell is
not told here, and a rule without a selection is not met: the provider ends with a panic at it, in a preview, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from aws_preflight.policies.documents.shape import Problem, is_number
from aws_preflight.preflight.values import Path, Value, dig, has_unknown, items_of

_RULE: Final = ("rulePriority", "description", "selection", "action")
_SELECTION: Final = (
    "tagStatus",
    "tagPrefixList",
    "tagPatternList",
    "storageClass",
    "countType",
    "countUnit",
    "countNumber",
)
_TAG_LISTS: Final = ("tagPrefixList", "tagPatternList")
_SINCE: Final = ("sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")
_FAILURE: Final = "Lifecycle policy validation failure: "


def problems(policy: Value) -> Iterator[Problem]:
    """What is wrong with a policy: a document as plain data, in which parts may be unknown."""
    rules = dig(policy, "rules")
    if rules == []:
        yield Problem(path=("rules",), message="the policy has no rule", answer=f"{_FAILURE}array is too short")
    for i, rule in items_of(rules):
        if isinstance(rule, dict):
            yield from _in_rule(("rules", i), rule)
    if isinstance(rules, list) and not has_unknown(rules):
        yield from _among(rules)


def _in_rule(path: Path, rule: dict[str, Value]) -> Iterator[Problem]:
    yield from _names(path, rule, _RULE, ("rulePriority", "action"))
    priority: Value = rule.get("rulePriority")
    if is_number(priority) and priority < 1:
        answer = f"{_FAILURE}numeric instance is lower than the required minimum"
        yield Problem(path=(*path, "rulePriority"), message="the lowest priority is 1", answer=answer)
    selection = rule.get("selection")
    if isinstance(selection, dict):
        at = (*path, "selection")
        yield from _names(at, selection, _SELECTION, ("tagStatus", "countType", "countNumber"))
        yield from _tags(at, selection)
        yield from _count(at, selection)


def _names(path: Path, value: dict[str, Value], known: tuple[str, ...], required: tuple[str, ...]) -> Iterator[Problem]:
    """A name that is nearly one of the known, and names that are missing; a name like none of them may be new."""
    folded = {name.lower(): name for name in known}
    meant: set[str] = set()
    for name in value:
        close = get_close_matches(name.lower().replace("_", ""), folded, n=1, cutoff=0.85)
        if name not in known and close:
            meant.add(folded[close[0]])
            message = f"there is no such name; {folded[close[0]]} is what ECR calls it"
            answer = f"{_FAILURE}object instance has properties which are not allowed by the schema"
            yield Problem(path=(*path, name), message=message, answer=answer)
    for name in required:
        if name not in value and name not in meant:
            answer = f"{_FAILURE}object has missing required properties"
            yield Problem(path=path, message=f"{name} is missing", answer=answer)


def _tags(path: Path, selection: dict[str, Value]) -> Iterator[Problem]:
    """Lists of tags belong to tagged images, one of them."""
    status = selection.get("tagStatus")
    lists = [name for name in _TAG_LISTS if isinstance(selection.get(name), list) and selection[name]]
    if status in ("untagged", "any"):
        for name in lists:
            message = f"{status} images are not selected by their tags"
            yield Problem(path=(*path, name), message=message, answer=f"Cannot specify {name} with tagStatus {status}")
    elif status == "tagged" and len(lists) == len(_TAG_LISTS):
        answer = "If policy has a tagged rule, it must specify only one of tagPrefixList or tagPatternList"
        yield Problem(path=(*path, lists[1]), message="only one of the two lists of tags may be there", answer=answer)
    elif isinstance(status, str) and status != "tagged":
        message = "the status is one of: tagged, untagged, any"
        yield Problem(path=(*path, "tagStatus"), message=message, recorded=False)


def _count(path: Path, selection: dict[str, Value]) -> Iterator[Problem]:
    """What is counted, in which unit, and of which storage class."""
    kind, unit = selection.get("countType"), selection.get("countUnit")
    number: Value = selection.get("countNumber")
    if kind in _SINCE and "countUnit" not in selection:
        yield Problem(path=path, message="days are counted here, so countUnit has to be days", recorded=False)
    elif kind in _SINCE and isinstance(unit, str) and unit != "days":
        yield Problem(path=(*path, "countUnit"), message="the only unit is days", recorded=False)
    if is_number(number) and number < 1:
        yield Problem(path=(*path, "countNumber"), message="the lowest number is 1", recorded=False)
    if selection.get("storageClass") == "archive" and kind in (*_SINCE[:2], "imageCountMoreThan"):
        answer = (
            "SINCE_IMAGE_PUSHED, SINCE_IMAGE_PULLED and IMAGE_COUNT_MORE_THAN support the STANDARD storage class only"
        )
        message = "images in the archive are counted by sinceImageTransitioned alone"
        yield Problem(path=(*path, "storageClass"), message=message, answer=answer)


def _among(rules: list[Value]) -> Iterator[Problem]:
    """The rule for any image is the last, and there is one. With an archive in play, nobody has said what holds."""
    if any(dig(rule, "selection", "storageClass") or dig(rule, "action", "type") == "transition" for rule in rules):
        return
    of_any = [i for i, rule in enumerate(rules) if dig(rule, "selection", "tagStatus") == "any"]
    for i in of_any[1:]:
        at: Path = ("rules", i, "selection", "tagStatus")
        message = "another rule selects any image already"
        yield Problem(path=at, message=message, answer="Only one rule can specify tagStatus=ANY")
    priorities = [dig(rule, "rulePriority") for rule in rules]
    if len(of_any) == 1 and all(is_number(one) for one in priorities):
        (i,) = of_any
        if priorities[i] < max(priorities):
            message = "the rule for any image comes last: its priority has the highest number"
            answer = "Rule for tagStatus=ANY must have the highest rulePriority"
            yield Problem(path=("rules", i, "rulePriority"), message=message, answer=answer)


DOCUMENTED: Final = (
    "countUnit: required only if countType is sinceImagePushed, and then days; countNumber: positive integers, 0 is not"
    " an accepted value; tagStatus: tagged, untagged, or any."
)
"""What the documentation says of that to which no answer is on record."""
