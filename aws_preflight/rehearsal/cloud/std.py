"""The functions of the package `std`: they compute, and reach nothing but files of the program.

https://www.pulumi.com/registry/packages/std
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import ipaddress
import json
import math
import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

Arguments = Mapping[str, Any]

_FOLDER = "folder of the program"
_TIME = "2026-01-01T00:00:00Z"
_UNITS = {"h": 3600, "m": 60, "s": 1}


def answer(token: str, arguments: Arguments, folder: Path) -> dict[str, Any] | None:
    """The result of a function; nothing for one that is not known, or where it cannot be computed.

    Files are those of the program in `folder`.
    """
    function = _FUNCTIONS.get(token.rpartition(":")[2])
    if function is None:
        return None
    try:
        return {"result": function({**arguments, _FOLDER: folder})}
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError):
        return None


def _text(arguments: Arguments) -> str:
    return str(arguments["input"])


def _bytes(arguments: Arguments) -> bytes:
    return _text(arguments).encode()


def _path(arguments: Arguments) -> Path:
    return Path(arguments[_FOLDER], Path(_text(arguments)).expanduser())


def _file(arguments: Arguments) -> bytes:
    return _path(arguments).read_bytes()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _json(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _network(arguments: Arguments) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(_text(arguments), strict=False)


def _host(arguments: Arguments) -> str:
    network, number = _network(arguments), int(arguments["host"])
    return str(network[number])


def _subnet(arguments: Arguments, newbits: int, start: int) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The network with so many more bits that begins at an address, or behind it."""
    network = _network(arguments)
    prefix = network.prefixlen + newbits
    size = 1 << (network.max_prefixlen - prefix)
    begin = -(-start // size) * size
    return ipaddress.ip_network((int(network.network_address) + begin, prefix))


def _cidrsubnet(arguments: Arguments) -> str:
    network = _network(arguments)
    newbits, number = int(arguments["newbits"]), int(arguments["netnum"])
    size = 1 << (network.max_prefixlen - network.prefixlen - newbits)
    return str(_subnet(arguments, newbits, number * size))


def _cidrsubnets(arguments: Arguments) -> list[str]:
    base, begin, made = int(_network(arguments).network_address), 0, []
    for newbits in arguments["newbits"]:
        network = _subnet(arguments, int(newbits), begin)
        begin = int(network.network_address) - base + network.num_addresses
        made.append(str(network))
    return made


def _format(text: str, values: list[Any]) -> str:
    """Text in the language of Go's `fmt`, as far as it is that of Python."""
    rest = iter(values)

    def one(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        value, verb = next(rest), found[0][-1]
        if verb == "q":
            return json.dumps(str(value))
        if verb in "dxXob":
            return format(int(value), found[0][1:])
        if verb in "feg":
            return format(float(value), found[0][1:])
        plain = _tostring(value) if not isinstance(value, list | dict) else _json(value)
        width = found[0][1:-1]
        return plain.rjust(int(width)) if width.isdigit() else plain.ljust(int(width[1:] or 0)) if width else plain

    return re.sub(r"%(%|[-+# 0]*\d*(?:\.\d+)?[a-zA-Z])", one, text)


def _formatlist(arguments: Arguments) -> list[str]:
    lists = [value if isinstance(value, list) else [value] for value in arguments["args"]]
    count = max(map(len, lists))
    return [_format(_text(arguments), [one[i % len(one)] for one in lists]) for i in range(count)]


def _tostring(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _flat(value: Any) -> list[Any]:
    return [item for part in value for item in (_flat(part) if isinstance(part, list) else [part])]


def _merged(arguments: Arguments) -> dict[str, Any]:
    return {key: value for one in arguments["input"] for key, value in one.items()}


def _transposed(arguments: Arguments) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for key, values in sorted(arguments["input"].items()):
        for value in values:
            turned.setdefault(value, []).append(key)
    return turned


def _range(arguments: Arguments) -> list[int]:
    start, limit = int(arguments.get("start") or 0), int(arguments["limit"])
    return list(range(start, limit, int(arguments.get("step") or (1 if limit >= start else -1))))


def _replaced(arguments: Arguments) -> str:
    text, search, new = (str(arguments[name]) for name in ("text", "search", "replace"))
    if len(search) > 1 and search.startswith("/") and search.endswith("/"):
        return re.sub(search[1:-1], re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", new), text)
    return text.replace(search, new)


def _groups(found: re.Match[str]) -> Any:
    return found.groupdict() or (list(found.groups()) if found.groups() else found[0])


def _regex(arguments: Arguments) -> Any:
    found = re.search(arguments["pattern"], arguments["string"])
    if found is None:
        raise ValueError
    return _groups(found)


def _substr(arguments: Arguments) -> str:
    text, offset, length = _text(arguments), int(arguments["offset"]), int(arguments["length"])
    start = offset if offset >= 0 else len(text) + offset
    return text[start:] if length < 0 else text[start : start + length]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _timeadd(arguments: Arguments) -> str:
    parts = re.findall(r"(-?\d+(?:\.\d+)?)([hms])", arguments["duration"])
    moment = _moment(arguments["timestamp"]) + timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in parts))
    return moment.isoformat().replace("+00:00", "Z")


def _timecmp(arguments: Arguments) -> int:
    first, second = _moment(arguments["timestampa"]), _moment(arguments["timestampb"])
    return (first > second) - (first < second)


def _tobool(value: Any) -> bool:
    return {"true": True, "false": False}[_tostring(value)]


def _number(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


def _distinct(values: list[Any]) -> list[Any]:
    return [value for i, value in enumerate(values) if value not in values[:i]]


def _hash(name: str, read: Callable[[Arguments], bytes]) -> Callable[[Arguments], str]:
    return lambda arguments: hashlib.new(name, read(arguments), usedforsecurity=False).hexdigest()


_HASHES = ("md5", "sha1", "sha256", "sha512")
_FUNCTIONS: Mapping[str, Callable[[Arguments], Any]] = {
    **{name: _hash(name, _bytes) for name in _HASHES},
    **{f"file{name}": _hash(name, _file) for name in _HASHES},
    "abs": lambda a: abs(a["input"]),
    "abspath": lambda a: os.path.abspath(_path(a)),
    "alltrue": lambda a: all(map(_tobool, a["input"])),
    "anytrue": lambda a: any(map(_tobool, a["input"])),
    "base64decode": lambda a: base64.b64decode(_text(a), validate=True).decode(),
    "base64encode": lambda a: _base64(_bytes(a)),
    "base64gzip": lambda a: _base64(gzip.compress(_bytes(a), mtime=0)),
    "base64sha256": lambda a: _base64(hashlib.sha256(_bytes(a)).digest()),
    "base64sha512": lambda a: _base64(hashlib.sha512(_bytes(a)).digest()),
    "basename": lambda a: os.path.basename(_text(a).rstrip("/")),
    "ceil": lambda a: math.ceil(a["input"]),
    "chomp": lambda a: _text(a).rstrip("\r\n"),
    "chunklist": lambda a: [a["input"][i : i + int(a["size"])] for i in range(0, len(a["input"]), int(a["size"]))],
    "cidrhost": _host,
    "cidrnetmask": lambda a: str(_network(a).netmask),
    "cidrsubnet": _cidrsubnet,
    "cidrsubnets": _cidrsubnets,
    "coalesce": lambda a: next(one for one in a["input"] if one not in (None, "")),
    "coalescelist": lambda a: next(one for one in a["input"] if one),
    "compact": lambda a: [one for one in a["input"] if one],
    "concat": lambda a: [one for part in a["input"] for one in part],
    "contains": lambda a: a["element"] in a["input"],
    "csvdecode": lambda a: list(csv.DictReader(io.StringIO(_text(a)))),
    "dirname": lambda a: os.path.dirname(_text(a)) or ".",
    "distinct": lambda a: _distinct(a["input"]),
    "element": lambda a: a["input"][int(a["index"]) % len(a["input"])],
    "endswith": lambda a: _text(a).endswith(a["suffix"]),
    "file": lambda a: _file(a).decode(),
    "filebase64": lambda a: _base64(_file(a)),
    "filebase64sha256": lambda a: _base64(hashlib.sha256(_file(a)).digest()),
    "filebase64sha512": lambda a: _base64(hashlib.sha512(_file(a)).digest()),
    "fileexists": lambda a: _path(a).is_file(),
    "flatten": lambda a: _flat(a["input"]),
    "floor": lambda a: math.floor(a["input"]),
    "format": lambda a: _format(_text(a), a.get("args") or []),
    "formatlist": _formatlist,
    "indent": lambda a: _text(a).replace("\n", "\n" + " " * int(a["spaces"])),
    "index": lambda a: a["input"].index(a["element"]),
    "join": lambda a: str(a["separator"]).join(map(_tostring, a["input"])),
    "jsondecode": lambda a: json.loads(_text(a)),
    "jsonencode": lambda a: _json(a["input"]),
    "keys": lambda a: sorted(a["input"]),
    "length": lambda a: len(a["input"]),
    "log": lambda a: math.log(a["input"], a["base"]),
    "lookup": lambda a: a["map"].get(a["key"], a.get("default")),
    "lower": lambda a: _text(a).lower(),
    "map": lambda a: dict(zip(map(str, a["args"][::2]), a["args"][1::2], strict=True)),
    "max": lambda a: max(a["input"]),
    "merge": _merged,
    "min": lambda a: min(a["input"]),
    "parseint": lambda a: int(_text(a), int(a.get("base") or 10)),
    "pathexpand": lambda a: os.path.expanduser(_text(a)),
    "pow": lambda a: _number(a["base"] ** a["exponent"]),
    "range": _range,
    "regex": _regex,
    "regexall": lambda a: [_groups(found) for found in re.finditer(a["pattern"], a["string"])],
    "replace": _replaced,
    "reverse": lambda a: a["input"][::-1],
    "setintersection": lambda a: [one for one in _distinct(a["input"][0]) if all(one in part for part in a["input"])],
    "signum": lambda a: (a["input"] > 0) - (a["input"] < 0),
    "slice": lambda a: a["list"][int(a.get("from") or 0) : int(a["to"]) if a.get("to") is not None else None],
    "sort": lambda a: sorted(a["input"]),
    "split": lambda a: str(a["text"]).split(a["separator"]) if a["separator"] else list(str(a["text"])),
    "startswith": lambda a: _text(a).startswith(a["prefix"]),
    "strrev": lambda a: _text(a)[::-1],
    "substr": _substr,
    "sum": lambda a: sum(a["input"]),
    "timeadd": _timeadd,
    "timecmp": _timecmp,
    "timestamp": lambda _arguments: _TIME,
    "title": lambda a: re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].upper(), _text(a)),
    "tobool": lambda a: None if a.get("input") is None else _tobool(a["input"]),
    "tolist": lambda a: list(a["input"]),
    "tonumber": lambda a: None if a.get("input") is None else _number(a["input"]),
    "toset": lambda a: _distinct(a["input"]),
    "tostring": lambda a: None if a.get("input") is None else _tostring(a["input"]),
    "transpose": _transposed,
    "trim": lambda a: _text(a).strip(a["cutset"]),
    "trimprefix": lambda a: _text(a).removeprefix(a["prefix"]),
    "trimspace": lambda a: _text(a).strip(),
    "trimsuffix": lambda a: _text(a).removesuffix(a["suffix"]),
    "upper": lambda a: _text(a).upper(),
    "urlencode": lambda a: quote_plus(_text(a)),
    "uuid": lambda _arguments: "00000000-0000-4000-8000-000000000000",
    "values": lambda a: [a["input"][key] for key in sorted(a["input"])],
    "zipmap": lambda a: dict(zip(a["keys"], a["values"], strict=True)),
}
