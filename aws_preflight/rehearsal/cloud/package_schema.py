"""The schema of a package, as its provider would give it: languages without SDKs of their own read it, such as YAML.

For `aws` it is made from the types of `schema.py`. Of any other package nobody here knows the types: there it says what
the program itself does, and takes any value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_preflight.rehearsal.cloud import schema
from aws_preflight.rehearsal.cloud.schema import Property, Shape
from aws_preflight.report.data import object_in

_ANY = {"$ref": "pulumi.json#/Any"}
_OBJECT = {"type": "object", "additionalProperties": _ANY}
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "s": {"type": "string"},
    "i": {"type": "integer"},
    "n": {"type": "number"},
    "b": {"type": "boolean"},
    "a": _ANY,
    "x": {"oneOf": [{"$ref": "pulumi.json#/Asset"}, {"$ref": "pulumi.json#/Archive"}]},
    "j": {"oneOf": [{"type": "string"}, _OBJECT]},
}
_RESERVED = ("id", "urn", "pulumi")
"""What every resource has anyway, and no schema may declare."""

_VERSION = "999.0.0"
_REFERENCE = re.compile(r"""\$\{([\w-]+)(?:\.|\[\\?")(\w+)""")
"""`${name.property}` or `${name["property"]}`, also where the quotation marks are escaped in JSON."""

_PROVIDER = "pulumi:providers:"


@dataclass
class _Used:
    """The properties of a resource type or of a function that a program names."""

    given: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)


@dataclass
class _Uses:
    """What a program does with its packages."""

    resources: dict[str, _Used] = field(default_factory=dict)
    functions: dict[str, _Used] = field(default_factory=dict)


def of(package: str, documents: Iterable[Mapping[Any, Any]] = ()) -> str:
    """The schema of a package, for the program whose YAML documents these are, as JSON."""
    uses = _uses(documents)
    described = _aws() if package == "aws" else {"types": {}, "resources": {}, "functions": {}}
    # A newer SDK has types and properties that are not known here. Whether they exist, a preview tells.
    for token, used in uses.resources.items():
        if token.startswith(f"{package}:"):
            _add_resource(described["resources"], token, used)
    for token, used in uses.functions.items():
        if token.startswith(f"{package}:"):
            _add_function(described["functions"], token, used)
    provider: dict[str, Any] = {}
    _add_resource(provider, f"{_PROVIDER}{package}", uses.resources.get(f"{_PROVIDER}{package}", _Used()))
    meta = {"moduleFormat": "(.*)(?:/[^/]*)"}
    text = {"name": package, "version": _VERSION, "meta": meta, "provider": provider.popitem()[1], **described}
    return json.dumps(text, separators=(",", ":"))


def _add_resource(resources: dict[str, Any], token: str, used: _Used) -> None:
    described = resources.setdefault(_full(token, resources), {"inputProperties": {}, "properties": {}})
    for name in sorted(used.given):
        described["inputProperties"].setdefault(name, _ANY)
    for name in sorted((used.given | used.taken).difference(_RESERVED)):
        described["properties"].setdefault(name, _ANY)


def _add_function(functions: dict[str, Any], token: str, used: _Used) -> None:
    new: dict[str, Any] = {"inputs": {"properties": {}}, "outputs": {"properties": {}}}
    described = functions.setdefault(_full(token, functions), new)
    for name in sorted(used.given):
        described["inputs"]["properties"].setdefault(name, _ANY)
    for name in sorted(used.given | used.taken):
        described["outputs"]["properties"].setdefault(name, _ANY)


def _full(token: str, known: Container[str]) -> str:
    """A token as a schema has it: programs may write `aws:s3:Bucket` for `aws:s3/bucket:Bucket`."""
    package, *module, name = token.split(":")
    if token in known or token.startswith(_PROVIDER) or len(module) > 1:
        return token
    bridged = f"{package}:{module[0] if module else 'index'}/{name[:1].lower()}{name[1:]}:{name}"
    # Packages whose tokens have three plain parts are written in full; of two parts, most are bridged.
    return bridged if bridged in known or not module or package == "aws" else token


# --- aws --------------------------------------------------------------------------------------------------------------


def _aws() -> dict[str, dict[str, Any]]:
    types = {f"aws:shapes:Shape{number}": _type_spec(shape) for number, shape in enumerate(schema.all_nested())}
    return {
        "types": types,
        "resources": {token: _resource(shape) for token, shape in schema.resources()},
        "functions": {token: _function(shape) for token, shape in schema.functions()},
    }


def _resource(shape: Shape) -> dict[str, Any]:
    own = [each for each in shape.values() if each.name not in _RESERVED]
    inputs = [each for each in own if each.is_input]
    return {
        "inputProperties": {each.name: _property(each) for each in inputs},
        "requiredInputs": [each.name for each in inputs if each.required],
        "properties": {each.name: _property(each) for each in own},
    }


def _function(shape: Shape) -> dict[str, Any]:
    # The SDK's results hold the arguments too, of the same types.
    properties = {each.name: _property(each) for each in shape.values()}
    return {"inputs": {"properties": properties}, "outputs": {"properties": properties}}


def _type_spec(shape: Shape) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {each.name: _property(each) for each in shape.values()},
        "required": [each.name for each in shape.values() if each.required],
    }


def _property(each: Property) -> dict[str, Any]:
    return {**_type(each.type), "secret": True} if each.secret else _type(each.type)


def _type(notation: str) -> dict[str, Any]:
    first, rest = notation[0], notation[1:]
    if first == "[":
        return {"type": "array", "items": _type(rest)}
    if first == "{":
        return {"type": "object", "additionalProperties": _type(rest)}
    if first == "@":
        return {"type": "object", "$ref": f"#/types/aws:shapes:Shape{rest}"}
    return dict(_TYPES[first])


# --- what a program does ----------------------------------------------------------------------------------------------


def _uses(documents: Iterable[Mapping[Any, Any]]) -> _Uses:
    """What a YAML program uses; any other program brings the SDKs of its packages along."""
    uses = _Uses()
    for content in documents:
        names: dict[str, _Used] = {}
        for name, resource in object_in(content.get("resources")).items():
            _note_resource(uses, names, str(name), object_in(resource))
        for name, value in object_in(content.get("variables")).items():
            for used in _invokes(uses, value):
                names[str(name)] = used
        list(_invokes(uses, [content.get("resources"), content.get("outputs")]))
        for name, taken in _REFERENCE.findall(json.dumps(content, default=str)):
            if name in names:
                names[name].taken.add(taken)
    return uses


def _note_resource(uses: _Uses, names: dict[str, _Used], name: str, resource: Mapping[str, Any]) -> None:
    token = resource.get("type")
    if isinstance(token, str):
        used = names[name] = uses.resources.setdefault(token, _Used())
        used.given.update(map(str, object_in(resource.get("properties"))))
        used.taken.update(map(str, object_in(object_in(resource.get("get")).get("state"))))


def _invokes(uses: _Uses, value: Any) -> Iterator[_Used]:
    """Notes every call of a function inside a value."""
    if isinstance(value, list):
        for item in value:
            yield from _invokes(uses, item)
    for key, member in object_in(value).items():
        token, arguments = str(key).removeprefix("fn::"), object_in(member)
        if token == "invoke":
            token = str(arguments.get("function"))
            returned, arguments = arguments.get("return"), object_in(arguments.get("arguments"))
        else:
            returned = None
        if str(key).startswith("fn::") and ":" in token:
            used = uses.functions.setdefault(token, _Used())
            used.given.update(map(str, arguments))
            used.taken.update([returned] if isinstance(returned, str) else ())
            yield used
        yield from _invokes(uses, member)
