"""One resource as a check sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aws_preflight.preflight.values import UNKNOWN, Path, Value

T = TypeVar("T")


def module_of(type_: str) -> str:
    """`b` of the type `a:b/c:D`, and of `a:b:D`: the module, by which Pulumi names a service."""
    return type_.split(":")[1].partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of the program.

    In a resource policy `properties` are the inputs as the provider's Check returned them (defaults and auto-names
    filled in); in a stack policy they are the outputs, in a preview the inputs plus unknown computed outputs. The
    fields from `parent` to `provider` are set in stack policies only: the engine does not send them before.
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, Value]
    secrets: frozenset[Path] = frozenset()
    """Paths of the values that the program marked secret."""
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    """URNs that the resource waits for: `dependsOn` and every input. They may name resources nobody lists."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By input property, the URNs of the resources that its value was made from."""
    provider: str = ""
    """The URN of the provider that the program gave to the resource; "" for the default one."""
    region: Value = None
    """That of its provider, where the engine tells. A resource may have one of its own."""
    custom: bool = True
    """False for a component: it has no provider and exists in Pulumi only."""

    def get(self, name: str) -> Value:
        """The property `name`; `None` when it is not set."""
        return self.properties.get(name)

    def was_given(self, name: str) -> bool:
        """Whether the program gave the property `name` to this resource of a stack.

        In a preview the engine fills what the provider may compute with unknown values, inputs that the program left
        out among them. Only an input that was made from an Output has property dependencies.
        """
        value = self.get(name)
        if value is UNKNOWN:
            return bool(self.property_dependencies.get(name))
        return value not in (None, "", [], {})

    def is_secret(self, path: Path) -> bool:
        """Whether the value at `path` is secret, lies inside a secret, or contains one."""
        return any(path[: len(secret)] == secret[: len(path)] for secret in self.secrets)


class Remembered(Generic[T]):
    """What a function says of a resource, kept until it is asked about the next: many policies ask in a row."""

    __slots__ = ("_function", "_last")

    def __init__(self, function: Callable[[Resource], T]) -> None:
        self._function = function
        self._last: tuple[Resource, T] | None = None

    def __call__(self, resource: Resource) -> T:
        """What the function says of this resource."""
        last = self._last  # read once: several threads answer the engine
        if last is None or last[0] is not resource:
            last = self._last = resource, self._function(resource)
        return last[1]


@Remembered
def unknown_names(resource: Resource) -> frozenset[str]:
    """The properties of which nothing is known."""
    return frozenset(name for name, value in resource.properties.items() if value is UNKNOWN)
