"""The HTML page in a real browser: what it shows, filters, the keyboard, and that it asks for nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from aws_preflight.preflight.message import Exempted, Message
from aws_preflight.report.html import html
from aws_preflight.report.model import Component, Finding, Node, Place, Report

PROGRAM = """\
import * as aws from '@pulumi/aws';

const listener = new aws.lb.Listener('http', {});

new aws.ecs.Service('api', {
  loadBalancers: [],
});
"""


def urn(type_: str, name: str, parent: str = "") -> str:
    return f"urn:pulumi:dev::shop::{parent}{type_}::{name}"


OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"

EXEMPTED = Exempted(until="2027-01-31", days_left=21, owner="team", reason="why", key="key")
SERVICE = urn("aws:ecs/service:Service", "api", "shop:web:Web$")
LISTENER = urn("aws:lb/listener:Listener", "http")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: `apt-get install chromium`")
        pytest.skip("no Chromium on this machine")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


def said(title: str, summary: str, **fields: Any) -> Message:
    return Message(
        title=title,
        path="loadBalancers[0]",
        summary=summary,
        introduction="AWS answers",
        answer="no",
        typescript="right()",
        python="right()",
        documentation="https://docs.aws.amazon.com/p",
        explain="p",
        **fields,
    )


def report_of(root: Path) -> Report:
    (root / "index.ts").write_text(PROGRAM)
    findings = [
        Finding(
            policy="ecs-service-without-listener-dependency",
            pack="aws-preflight",
            level="mandatory",
            urn=SERVICE,
            message="all of it",
            details=said("An ECS service waits for the listener", "nothing makes the service wait", missing=LISTENER),
            source=Place("index.ts", 5, 1),
            components=(Component(urn("shop:web:Web", "web"), Place("index.ts", 3)),),
        ),
        Finding(
            policy="acm-domain-too-long",
            pack="aws-preflight",
            level="advisory",
            urn=urn("aws:acm/certificate:Certificate", "<img src=x onerror=alert(1)>"),
            message="all of it",
            details=said("Title </script><b>", "wrong", exemption=EXEMPTED),
        ),
    ]
    nodes = [
        Node(urn=SERVICE, type="aws:ecs/service:Service", name="api", waits_for=[urn("aws:x/y:Group", "tg")]),
        Node(urn=LISTENER, type="aws:lb/listener:Listener", name="http", waits_for=[urn("aws:x/y:Group", "tg")]),
        Node(urn=urn("aws:x/y:Group", "tg"), type="aws:x/y:Group", name="tg"),
        Node(urn=urn("aws:s3/bucket:Bucket", "logs"), type="aws:s3/bucket:Bucket", name="logs"),
    ]
    return Report(
        findings=findings,
        notes=["a note"],
        resources=4,
        program="shop",
        stack="prod",
        date="2026-11-28 15:15 UTC",
        versions={"aws-preflight": "0.1.0", "Pulumi": "v3.274.1"},
        resources_of_stack=nodes,
        root=root,
    )


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with opened(browser, report_of(tmp_path), tmp_path) as shown:
        yield shown


class opened:  # noqa: N801 - used as a context manager
    """A page that shows a report, and fails on any request and any error of a script."""

    def __init__(self, browser: Browser, report: Report, folder: Path, **options: Any) -> None:
        self.file = folder / "report.html"
        self.file.write_text(html(report), encoding="utf-8")
        self.page = browser.new_page(**options)
        self.problems: list[str] = []

    def __enter__(self) -> Page:
        self.page.on(
            "request", lambda request: self.problems.append(request.url) if "file:" not in request.url else None
        )
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        self.page.on("dialog", lambda dialog: self.problems.append(dialog.message))
        self.page.goto(self.file.as_uri())
        return self.page

    def __exit__(self, *_: object) -> None:
        self.page.close()
        assert self.problems == []


def test_findings_with_their_lines(page: Page) -> None:
    cards = page.locator("#findings li")
    expect(cards).to_have_count(2)
    assert "An ECS service waits for the listener" in cards.nth(0).inner_text()
    here = cards.nth(0).locator("pre.source .here")
    expect(here).to_have_count(2)
    assert "new aws.ecs.Service('api', {" in here.nth(0).inner_text()
    assert "new aws.lb.Listener" in here.nth(1).inner_text()
    assert cards.nth(1).get_attribute("class") == "exempted"
    assert "1 mandatory, 1 advisory (1 exempted) in 4 resources" in page.locator("#summary").inner_text()
    assert page.locator("#notes li").inner_text() == "a note"


def test_texts_of_a_program_are_only_texts(page: Page) -> None:
    assert "<img src=x onerror=alert(1)>" in page.locator("#findings li").nth(1).inner_text()
    expect(page.locator("img")).to_have_count(0)
    expect(page.locator("#findings b")).to_have_count(0)


def test_filters(page: Page) -> None:
    page.select_option("#level", "mandatory")
    expect(page.locator("#findings li")).to_have_count(1)
    assert page.locator("#count").inner_text() == "1 of 2 findings"
    page.select_option("#level", "")
    page.select_option("#policy", "acm-domain-too-long")
    expect(page.locator("#findings li")).to_have_count(1)
    page.select_option("#policy", "")
    page.select_option("#component", "shop:web:Web")
    assert "ECS" in page.locator("#findings li").inner_text()
    page.select_option("#component", "")
    page.fill("#search", "NOTHING LIKE THAT")
    assert page.locator("#count").inner_text() == "0 of 2 findings"


def test_the_graph_shows_the_missing_dependency(page: Page) -> None:
    expect(page.locator("#graph .node"), "the finding's resource and its neighbours").to_have_count(3)
    expect(page.locator("#graph .node.bad")).to_have_count(1)
    expect(page.locator("#graph .missing")).to_have_count(1)
    assert "api does not wait for http" in str(page.locator("#graph").get_attribute("aria-label"))
    page.select_option("#scope", "all")
    expect(page.locator("#graph .node")).to_have_count(4)
    page.select_option("#scope", LISTENER)
    expect(page.locator("#graph .node")).to_have_count(3)


def test_the_keyboard_reaches_everything(page: Page) -> None:
    reached = []
    for _ in range(11):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    controls = ["level", "policy", "component", "search", "scope", "graph"]
    assert [one for one in dict.fromkeys(reached) if one in controls] == controls
    assert "SUMMARY" in reached
    labels = page.evaluate(
        "[...document.querySelectorAll('select, input')].every((field) => field.labels.length === 1)"
    )
    assert labels


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast(browser: Browser, tmp_path: Path, scheme: str) -> None:
    with opened(browser, report_of(tmp_path), tmp_path, color_scheme=scheme) as page:
        ratios = page.evaluate(
            """() => {
              const light = (text) => {
                const [r, g, b] = text.match(/\\d+/g).map(Number).map((c) => c / 255)
                  .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const ground = (e) => { const c = getComputedStyle(e).backgroundColor;
                return c === 'rgba(0, 0, 0, 0)' && e.parentElement ? ground(e.parentElement) : c; };
              const places = ['h1', '#about', '#summary', '.level', 'dt', 'h2', 'pre.source .here', '#count'];
              return places.map((selector) => {
                const e = document.querySelector(selector);
                const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
                return (a + 0.05) / (b + 0.05);
              });
            }"""
        )
    assert min(ratios) >= 4.5, ratios


def test_a_thousand_resources(browser: Browser, tmp_path: Path) -> None:
    names = [urn("aws:x/y:Thing", f"thing-{i}") for i in range(1000)]
    nodes = [
        Node(urn=name, type="aws:x/y:Thing", name=f"thing-{i}", waits_for=names[max(0, i - 40) : max(0, i - 38)])
        for i, name in enumerate(names)
    ]
    finding = Finding(policy="p", pack="x", level="mandatory", urn=names[500], message="Title\nwrong")
    findings = [*[finding] * 299, Finding(policy="q", pack="x", level="advisory", urn=names[7], message="Another")]
    report = Report(findings=findings, resources=1000, resources_of_stack=nodes)
    with opened(browser, report, tmp_path) as page:
        groups = page.locator("#findings > details")
        assert [text.split(":")[0] for text in groups.locator("summary").all_inner_texts()] == ["p", "q"]
        assert "299 findings" in groups.nth(0).inner_text()
        expect(page.locator("#findings li"), "they are made when somebody looks").to_have_count(0)
        groups.nth(0).locator("> summary").click()
        expect(groups.nth(0).locator("li")).to_have_count(299)
        page.select_option("#policy", "q")
        expect(page.locator("#findings li"), "few findings stand one below the other").to_have_count(1)
        page.select_option("#policy", "")
        page.select_option("#scope", "all")
        expect(page.locator("#graph .node")).to_have_count(1000)


def test_nothing_found(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, Report(resources=3), tmp_path) as page:
        assert page.locator("h1").inner_text() == "Nothing that AWS would refuse"
        assert page.locator("#findings").inner_text() == ""
        assert page.locator("#graph-section").is_hidden()


def test_a_run_that_did_not_finish_says_so_first(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, Report(resources=3, failures=["the run failed: boom"]), tmp_path) as page:
        assert page.locator("h1").inner_text() == "The run did not finish"
        assert page.locator("#failures li").inner_text() == "the run failed: boom"
        assert "Nothing that AWS would refuse" not in page.locator("body").inner_text()
        assert page.locator("body").get_attribute("class") == "incomplete"


def test_the_page_names_program_stack_date_and_versions(page: Page) -> None:
    about = page.locator("#about").inner_text()
    assert about == "shop, stack prod, 2026-11-28 15:15 UTC, Pulumi v3.274.1, aws-preflight 0.1.0"
    assert page.title() == "AWS preflight: 1 mistake that AWS would refuse"


@pytest.mark.parametrize("width", [390, 320, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, tmp_path: Path, width: int) -> None:
    report = report_of(tmp_path)
    long = "x" * 400
    findings = [*report.findings, Finding(policy=long, pack="x", level="advisory", urn=urn(long, long), message=long)]
    viewport = {"width": width, "height": 800}
    for shown in (
        replace(report, findings=findings, notes=[long], program=long),
        replace(report, findings=findings * 9),
    ):
        with opened(browser, shown, tmp_path, viewport=viewport) as page:
            page.evaluate(OPEN_ALL)
            expect(page.locator("#findings li")).to_have_count(len(shown.findings))
            page.evaluate(OPEN_ALL)  # what came with the groups, too
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "file",
    [
        "../outside.ts",
        "Pulumi.prod.yaml",
        ".env",
        "notes.txt",
        "link.ts",
        "linked/outside.ts",
        "/etc/passwd",
        "none.ts",
    ],
)
def test_only_source_files_of_the_program_are_shown(tmp_path: Path, file: str) -> None:
    root, outside = tmp_path / "program", tmp_path / "elsewhere"
    for folder in (root, outside):
        folder.mkdir()
        for name in ("outside.ts", "Pulumi.prod.yaml", ".env", "notes.txt", "index.ts"):
            (folder / name).write_text(f"a secret of {folder.name}\n")
    (tmp_path / "outside.ts").write_text("a secret\n")
    (root / "link.ts").symlink_to(outside / "outside.ts")
    (root / "linked").symlink_to(outside)
    report = replace(
        report_of(root), findings=[replace(report_of(root).findings[0], source=Place(file, 1), components=())]
    )
    assert "a secret" not in html(report)
    shown = replace(report, findings=[replace(report.findings[0], source=Place("outside.ts", 1))])
    assert "a secret of program" in html(shown)


def test_what_it_looks_like(browser: Browser, tmp_path: Path) -> None:
    """Writes pictures where SCREENSHOTS names a folder, for people to look at."""
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
        viewport = {"width": width, "height": 800}
        with opened(browser, report_of(tmp_path), tmp_path, color_scheme=scheme, viewport=viewport) as page:
            picture = page.screenshot(full_page=True)
            assert len(picture) > 10_000
            if os.environ.get("SCREENSHOTS"):
                (Path(os.environ["SCREENSHOTS"]) / f"report-{scheme}-{width}.png").write_bytes(picture)
