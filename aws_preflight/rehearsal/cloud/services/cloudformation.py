"""CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind


def _stack_outputs(facts: Facts) -> dict[str, Any]:
    """A made-up value for each output that the template of a CloudFormation stack declares."""
    try:
        # YAML's tags for CloudFormation's functions are of no interest here, JSON is YAML.
        template = yaml.load(str(facts["templateBody"]), _TemplateLoader)
    except yaml.YAMLError:
        return {}
    outputs = template.get("Outputs") if isinstance(template, dict) else None
    return {str(name): facts.fill(f"{name}-{{upper:12/{name}}}") for name in outputs or {}}


class _TemplateLoader(yaml.SafeLoader):
    """Reads a template as plain data."""


_TemplateLoader.add_multi_constructor("!", lambda _loader, suffix, _node: suffix)


KINDS: Mapping[str, Kind] = {
    "aws:cloudformation/stack:Stack": Kind(
        id="arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid}",
        named="name",
        seconds=30,
        outputs={"outputs": _stack_outputs},
    ),
}
