"""A folder that the engine starts as a policy pack, and that runs code which lies elsewhere; and where it may lie."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from aws_preflight.preflight import PACK_NAME, PACK_VERSION


def cache_folder() -> Path:
    """The folder of AWS preflight in the user's cache."""
    # The XDG specification has an empty or relative value ignored.
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (configured if configured.is_absolute() else Path.home() / ".cache") / PACK_NAME


def write_pack(folder: Path, code: str) -> None:
    """Makes `folder`, which must not exist yet, a policy pack that runs `code` in this Python."""
    folder.mkdir(parents=True)
    options = {"toolchain": "pip"}
    if (Path(sys.prefix) / "bin" / "python").exists() and sys.prefix != sys.base_prefix:
        options["virtualenv"] = sys.prefix
    project = {"name": PACK_NAME, "version": PACK_VERSION, "runtime": {"name": "python", "options": options}}
    # JSON is YAML.
    (folder / "PulumiPolicy.yaml").write_text(json.dumps(project), encoding="utf-8")
    (folder / "__main__.py").write_text(code, encoding="utf-8")
