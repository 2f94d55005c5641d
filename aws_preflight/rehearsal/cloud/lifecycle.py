"""One resource that comes into being: what its outputs are, before and after AWS has made it up.

Three sources, the most precise first: the table of types in `catalog.py`, the forms of values in `patterns.py`, and the
types of the schema. What belongs to a package without a schema has only the tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import check, marks, patterns, schema
from aws_preflight.rehearsal.cloud.catalog import KINDS, kind_of
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.schema import Shape

Values = dict[str, Any]


def planned(facts: Facts, inputs: Values) -> Values:
    """What a preview tells: the inputs, the few outputs that the provider knows by itself, the rest unknown."""
    shape = schema.resource(facts.type)
    names = kind_of(facts.type).outputs if shape is None else [each.name for each in shape.values() if each.is_computed]
    outputs = {**_returned(inputs, shape), **{name: marks.UNKNOWN for name in names if inputs.get(name) is None}}
    return _with_id(facts, {**outputs, **_early(facts, inputs, names)}, marks.UNKNOWN)


def created(facts: Facts, inputs: Values) -> tuple[str, Values]:
    """The id and all outputs of a new resource."""
    shape = schema.resource(facts.type)
    id_ = _complete(facts, shape)
    early = _early(facts, inputs, facts.outputs)
    # The tables may hold what only other entries need, or what newer versions of the SDK no longer have.
    names = facts.outputs if shape is None else facts.outputs.keys() & shape.keys()
    computed = {name: facts.outputs[name] for name in names if inputs.get(name) is None}
    secrets = {name for name in computed if shape is not None and shape[name].secret}
    computed.update({name: marks.secret(computed[name]) for name in secrets if not marks.is_secret(computed[name])})
    return id_, _with_id(facts, {**_returned(inputs, shape), **computed, **early}, id_)


def updated(facts: Facts, inputs: Values, before: Facts, olds: Values) -> Values:
    """The outputs of a changed resource: those that the change does not touch stay as they were."""
    _, outputs = created(facts, inputs)
    _complete(before, schema.resource(before.type))
    for name, value in facts.outputs.items():
        if inputs.get(name) is None and olds.get(name) is not None and before.outputs.get(name) == value:
            outputs[name] = olds[name]
    return {**outputs, **_early(facts, inputs, outputs)}


def found(facts: Facts, id_: str, properties: Values) -> Values:
    """The outputs of a resource that a program reads, or that the engine refreshes or imports."""
    kind = kind_of(facts.type)
    if id_.startswith("arn:"):
        facts.outputs["arn"] = id_
        if kind.named and facts.inputs.get(kind.named) is None:
            facts.outputs[kind.named] = _name_in(id_)
    elif kind.named and kind.id == f"{{{kind.named}}}":
        facts.outputs[kind.named] = id_
    facts.known["name"] = _name_in(id_)
    made_up, outputs = created(facts, properties)
    for each in (schema.resource(facts.type) or {}).values():
        if each.required and outputs.get(each.name) is None:
            outputs[each.name] = patterns.value(facts, each)
    return _with_id(facts, _renamed(outputs, made_up, id_), id_)


def _with_id(facts: Facts, outputs: Values, id_: str) -> Values:
    """Adds the id, which the AWS provider has among the outputs: Terraform keeps it with the other attributes.

    pulumi-terraform-bridge, pkg/tfshim/sdk-v2/provider2.go, `v2InstanceState2.Object`.
    """
    return {**outputs, "id": id_} if facts.type.startswith("aws:") else outputs


def existing(facts: Facts) -> Values:
    """The outputs of a resource that a program only asks about."""
    facts.known["id"] = _complete(facts, schema.resource(facts.type))
    return facts.outputs


def _complete(facts: Facts, shape: Shape | None) -> str:
    """Fills the outputs of the facts, and gives the id."""
    _name_by_prefix(facts, shape or {})
    patterns.describe(facts)
    kind = KINDS.get(canonical(facts.type))
    if kind is None and shape is None:
        kind = kind_of(facts.type)
    if kind is not None:
        for name, template in kind.outputs.items():
            if facts.inputs.get(name) is None and name not in facts.outputs:
                facts.outputs[name] = facts.fill(template)
    # No resource is without an id: where it would be made of what the program left empty, one is made up.
    id_ = facts.fill(kind.id if kind is not None else patterns.identity(facts.type)) or facts.auto_name()
    facts.known.update(id=id_)
    facts.known.update(arn=patterns.arn(facts))
    for name, each in (shape or {}).items():
        if each.is_computed and facts.inputs.get(name) is None and name not in facts.outputs:
            facts.outputs[name] = patterns.value(facts, each)
    return str(id_)


def _name_by_prefix(facts: Facts, shape: Shape) -> None:
    """Makes up the name that a program gave only the beginning of, as the provider does: 26 digits follow.

    hashicorp/terraform-plugin-sdk, helper/id/id.go, `PrefixedUniqueId`.
    """
    for prefix in shape:
        name = prefix.removesuffix("Prefix")
        if name != prefix and name in shape and facts.inputs.get(prefix) and facts.inputs.get(name) is None:
            facts.outputs[name] = facts.fill(f"{{{prefix}}}{{digits:26}}")


def _returned(inputs: Values, shape: Shape | None) -> Values:
    if shape is None:
        return inputs
    return {
        name: check.as_returned(value, shape[name].type) if name in shape else value for name, value in inputs.items()
    }


def _early(facts: Facts, inputs: Values, names: Any) -> Values:
    """What a provider can tell before it asks AWS, of the outputs with these names."""
    early: Values = {}
    shape = schema.resource(facts.type)
    is_text = shape is None or ("region" in shape and shape["region"].type == "s")
    if is_text and "region" in names and inputs.get("region") is None:
        early["region"] = facts.region
    if "tagsAll" in names:
        tags = inputs.get("tags")
        plain = marks.without_marks(tags)
        all_tags = (
            marks.UNKNOWN if marks.holds_unknown(plain) else {**facts.known.get("defaultTags", {}), **(plain or {})}
        )
        early["tagsAll"] = marks.secret(all_tags) if marks.holds_secret(tags) else _strings(all_tags)
    return early


def _strings(tags: Any) -> Any:
    return check.as_returned(tags, "{s")


def _name_in(id_: str) -> str:
    """The name at the end of an ARN, before the random digits that some services add."""
    parts = re.split("[:/]", id_)
    return parts[-2] if len(parts) > 7 and re.fullmatch("[0-9a-f]{16}", parts[-1]) else parts[-1]


def _renamed(value: Any, made_up: str, real: str) -> Any:
    """A value in which the made-up id is replaced: an ARN ends with the id that the program asked for."""
    if isinstance(value, Mapping):
        return {name: _renamed(part, made_up, real) for name, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, made_up, real) for part in value]
    # A short id could be a part of anything.
    return value.replace(made_up, real) if isinstance(value, str) and len(made_up) > 5 else value
