"""What became of one command of the engine, as its events tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_OWN_HOST = "using pulumi-language-"
"""How the engine begins to say that it has found our language host, or our proxy of one, on PATH."""

_SAID = ("info", "info#err", "warning")
"""The severities of what a program prints and logs; `info#err` is its standard error."""


@dataclass(frozen=True)
class Violation:
    """One finding of a policy, as the engine reports it."""

    policy: str
    urn: str
    message: str
    level: str


@dataclass(frozen=True)
class Result:
    """What became of one `pulumi preview`, `up` or `destroy`."""

    exit_code: int
    output: str
    """What the user sees."""

    events: list[dict[str, Any]]
    """Everything the engine reported, in order."""

    fell_silent: bool = False
    """Whether it was ended because nothing came any more after an error."""

    @property
    def violations(self) -> list[Violation]:
        """What the policies found, in a stable order."""
        found = {
            Violation(
                policy=event["policyName"],
                urn=event.get("resourceUrn", ""),
                message=event["message"].rstrip("\n"),
                level=event["enforcementLevel"],
            )
            for event in self._of_kind("policyEvent")
        }
        return sorted(found, key=lambda violation: (violation.urn, violation.policy, violation.message))

    @property
    def refused(self) -> bool:
        """Whether a mandatory policy was violated."""
        return any(violation.level == "mandatory" for violation in self.violations)

    @property
    def resource_changes(self) -> dict[str, int]:
        """How many resources were created, updated and so on; empty when the run did not come to its end."""
        return next((dict(event.get("resourceChanges") or {}) for event in self._of_kind("summaryEvent")), {})

    @property
    def errors(self) -> list[str]:
        """The errors that the program, a provider or the engine reported."""
        return [
            event["message"].rstrip("\n") for event in self._of_kind("diagnosticEvent") if event["severity"] == "error"
        ]

    @property
    def said(self) -> list[str]:
        """What the program printed and logged, less what is meant for debugging and the errors."""
        return [
            told["message"].rstrip("\n")
            for event in self.events
            for kind in ("diagnosticEvent", "stdoutEvent")
            if (told := event.get(kind)) and told.get("severity", "info") in _SAID and _OWN_HOST not in told["message"]
        ]

    def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [event[kind] for event in self.events if kind in event]
