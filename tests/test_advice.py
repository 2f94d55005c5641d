"""What a person is told whose program ended: its own error without the code of others, and what helps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from google.protobuf import struct_pb2

from aws_preflight.preflight.wire import ARCHIVE_SIGNATURE, ASSET_SIGNATURE, SIGNATURE_KEY
from aws_preflight.rehearsal.program import advice, error_text, project, stand_ins

NODE = "Error: Cannot find module '@acme/tools'\nRequire stack:\n- /srv/shop/index.ts"
PYTHON = "ModuleNotFoundError: No module named 'boto3'"


def advised(folder: Path, detail: str, files: dict[str, str], pulumi: str) -> str:
    for name, content in {"Pulumi.yaml": pulumi, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return advice.of([detail], folder, project.read(folder))


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"package.json": "{}", "pnpm-lock.yaml": ""}, "pnpm install"),
        ({"package.json": "{}", "yarn.lock": ""}, "yarn install"),
        ({"package.json": "{}", "package-lock.json": "{}"}, "npm install"),
        ({"package.json": "{}"}, "npm install"),
    ],
)
def test_the_lock_file_says_what_installs_the_packages_of_node(
    tmp_path: Path, files: dict[str, str], command: str
) -> None:
    (tmp_path / ".git").mkdir()
    text = advised(tmp_path, NODE, files, "{name: shop, runtime: nodejs}")
    assert text == (
        f"@acme/tools is not installed: run `{command}` (or `pulumi install`) in the folder of the program. "
    )


@pytest.mark.parametrize(
    ("files", "pulumi", "command"),
    [
        ({"requirements.txt": "boto3"}, "{name: shop, runtime: python}", "pip install -r requirements.txt"),
        ({"uv.lock": "", "requirements.txt": ""}, "{name: shop, runtime: python}", "uv sync"),
        ({"poetry.lock": ""}, "{name: shop, runtime: python}", "poetry install"),
        ({}, "{name: shop, runtime: {name: python, options: {toolchain: uv}}}", "uv sync"),
    ],
)
def test_the_lock_file_says_what_installs_the_packages_of_python(
    tmp_path: Path, files: dict[str, str], pulumi: str, command: str
) -> None:
    (tmp_path / ".git").mkdir()
    assert f"boto3 is not installed: run `{command}` (or `pulumi install`) in" in advised(
        tmp_path, PYTHON, files, pulumi
    )


def test_a_package_of_the_same_repository_is_installed_at_its_root_and_built(tmp_path: Path) -> None:
    (tmp_path / "pnpm-lock.yaml").write_text("")
    package = json.dumps({"dependencies": {"@acme/tools": "workspace:*"}})
    text = advised(tmp_path / "infra", NODE, {"package.json": package}, "{name: shop, runtime: nodejs}")
    assert text == (
        f"@acme/tools is a package of the same repository, and is not there: run `pnpm install` in {tmp_path}, and "
        "build it. "
    )


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        ("Error: ENOENT: no such file or directory, open './dist/x.js'", "The program reads ./dist/x.js, which is not"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: 'app.zip'",
            "The program reads app.zip, which is not",
        ),
        ("Error: Cannot find module './generated'", "The program imports ./generated, which is not there"),
        ("It looks like the Pulumi SDK has not been installed.", "the Pulumi SDK is not installed: run `npm install`"),
        ("Error: something else", ""),
    ],
)
def test_what_is_not_built_is_named(tmp_path: Path, detail: str, text: str) -> None:
    (tmp_path / ".git").mkdir()
    package = json.dumps({"scripts": {"build": "tsc"}})
    told = advised(tmp_path, detail, {"package.json": package}, "{name: shop, runtime: nodejs}")
    assert told.startswith(text)
    assert bool(told) == bool(text)
    assert ("npm run build" in told) == ("reads" in text)


NODE_ERROR = """\
Error: no such environment: prod
    at choose (/srv/shop/environments.ts:3:11)
    at Object.<anonymous> (/srv/shop/index.ts:7:1)
    at Array.map (<anonymous>)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at Object.require.extensions.<computed> [as .ts] (/srv/shop/node_modules/@pulumi/pulumi/vendor/x.js:1:2)"""
PYTHON_ERROR = """\
Program failed with an unhandled exception:
Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/grpc/_channel.py", line 999, in _end
    raise _InactiveRpcError(state)
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
grpc._channel._InactiveRpcError: <_InactiveRpcError of RPC that terminated with:
    status = StatusCode.UNKNOWN
>

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/opt/pulumi/pulumi-language-python-exec", line 232, in <module>
    loop.run_until_complete(coro)
  File "/srv/shop/__main__.py", line 4, in choose
    raise ValueError(name)
ValueError: prod"""


def test_only_the_lines_of_the_program_are_shown() -> None:
    assert error_text.readable(NODE_ERROR).split("\n") == NODE_ERROR.split("\n")[:3]
    assert error_text.readable(PYTHON_ERROR).split("\n") == [
        "Traceback (most recent call last):",
        '  File "/srv/shop/__main__.py", line 4, in choose',
        "    raise ValueError(name)",
        "ValueError: prod",
    ]


@pytest.mark.parametrize("text", ["", "one line", "Traceback (most recent call last):", "  File", "a\n    b\n"])
def test_any_other_text_stays_readable(text: str) -> None:
    assert error_text.readable(text) == ("" if text.startswith("Traceback") else text.strip("\n"))


def test_only_what_is_missing_gets_a_stand_in_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("")

    def file(path: str, signature: str = ASSET_SIGNATURE) -> dict[str, str]:
        return {SIGNATURE_KEY: signature, "path": path}

    properties = struct_pb2.Struct()
    properties.update(
        {
            "code": file("dist", ARCHIVE_SIGNATURE),
            "kept": file("there.txt"),
            "within": [{"more": {SIGNATURE_KEY: ARCHIVE_SIGNATURE, "assets": {"a": file("a.txt")}}}],
            "path": "no/file/at/all",
        }
    )
    before = dict(properties)
    assert sorted(stand_ins.put_in(properties, [tmp_path])) == ["a.txt", "dist"]
    assert (properties["kept"], properties["path"]) == (before["kept"], before["path"])
    archive = properties.fields["code"].struct_value
    assert archive[SIGNATURE_KEY] == ARCHIVE_SIGNATURE
    assert list(archive["assets"]) == ["stand-in.txt"]
    assert stand_ins.put_in(properties, [tmp_path]) == []


@pytest.mark.parametrize(
    ("file", "code", "error"),
    [
        ("index.ts", "const key = process.env.PUBLIC_KEY!;", "Error: Missing required property 'publicKey'"),
        ("index.ts", "f(process.env['PUBLIC_KEY'] as string)", "TypeError: Cannot read properties of undefined"),
        ("__main__.py", "key = os.environ['PUBLIC_KEY']", "KeyError: 'PUBLIC_KEY'"),
    ],
)
def test_a_variable_that_is_not_set_is_named(tmp_path: Path, file: str, code: str, error: str) -> None:
    files = {file: code, ".env.example": "PUBLIC_KEY="}
    text = advised(tmp_path, error, files, "{name: shop, runtime: nodejs}")
    assert text == (
        "The sources take PUBLIC_KEY from the environment, where it is not set: set it, or add --fill-config. "
    )


@pytest.mark.parametrize(
    ("code", "env"),
    [
        ("const key = process.env.PUBLIC_KEY ?? 'none';", ""),
        ("process.env.PUBLIC_KEY = 'x'; f(process.env.PUBLIC_KEY!);", ""),
        ("f(process.env.PUBLIC_KEY!);", "export PUBLIC_KEY=x"),
        ("f(process.env.HOME!, process.env.AWS_PROFILE!, process.env.X as string | undefined);", ""),
        ("if (process.env.PUBLIC_KEY !== undefined) f();", ""),
    ],
)
def test_a_variable_that_is_set_or_not_needed_is_not(tmp_path: Path, code: str, env: str) -> None:
    files = {"index.ts": code, ".env": env}
    assert advised(tmp_path, "KeyError: 'PUBLIC_KEY'", files, "{name: shop, runtime: nodejs}") == ""


@pytest.mark.parametrize(
    "error",
    [
        "We failed to locate the entry point\n  * Your program's 'main' file (PROGRAM/bin/shop.js) does not exist.",
        "error: project 'main' could not be read: stat PROGRAM/bin/shop.js: no such file or directory",
    ],
)
def test_an_entry_point_that_is_not_there_is_named(tmp_path: Path, error: str) -> None:
    text = advised(tmp_path, error.replace("PROGRAM", str(tmp_path)), {}, "{name: shop, runtime: nodejs}")
    assert text == (
        "The program begins with bin/shop.js, which is not there: build it first, or name the right file as `main` in "
        "Pulumi.yaml. "
    )


def test_an_sdk_for_an_older_node_is_told(tmp_path: Path) -> None:
    error = "Error: The gRPC binary module was not installed.\nCannot find module '/a/node_modules/grpc/grpc_node.node'"
    text = advised(tmp_path, error, {}, "{name: shop, runtime: nodejs}")
    assert "which needs a module that is built for Node.js 14 or older" in text


@pytest.mark.parametrize(
    ("requirements", "is_named"), [("pulumi\n", False), ("Boto3>=1\n", True), ("-r more.txt\n", True)]
)
def test_a_package_that_the_requirements_do_not_name_is_told(tmp_path: Path, requirements: str, is_named: bool) -> None:
    text = advised(tmp_path, PYTHON, {"requirements.txt": requirements}, "{name: shop, runtime: python}")
    assert text.startswith("boto3 is not installed: run `pip install -r requirements.txt`")
    assert text.endswith("requirements.txt does not name it. ") is not is_named


def test_what_python_cannot_read_is_told_with_its_place() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/srv/shop/__main__.py", line 3, in <module>\n    import tool\n'
        '  File "/srv/venv/lib/python3.11/site-packages/tool/__init__.py", line 7\n    type A = int\n         ^\n'
        "SyntaxError: invalid syntax"
    )
    assert error_text.readable(text) == text
