"""The loader for the YAML of this repository: that of libyaml where PyYAML has it, which is ten times as fast."""

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

__all__ = ["SafeLoader"]
