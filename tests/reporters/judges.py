"""What must hold of every report in a format, whatever the names and values in it are."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import html5lib
from jsonschema import Draft4Validator, Draft202012Validator
from lxml import etree
from markdown_it import MarkdownIt

from paritycheck.findings import Report
from paritycheck.reporters import Format

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "assets" / "schemas"
SARIF = Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8")))
JSON = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")))
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:]*)::(?P<message>[^\n]*)")
OBEYED = re.compile(r"^\s*::(?:add-|debug|echo|end|error|group|notice|remove-|save-|set-|stop-|warning)|##\[|##vso\[", re.MULTILINE)
"""What runners of GitHub Actions and Azure Pipelines obey in a log."""
LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")
ACTS = re.compile(r"(?:^|\W)@\w|#\d|\bGH-\d|://|www\.|:\w+:|\b[0-9a-f]{7,40}\b|\$.*\$")
"""What GitHub makes something of in plain text: mentions, issues, links, emoji, commits, formulas."""


def judge(name: Format, text: str, report: Report) -> None:
    """Hold a rendered report against its format, and against what any text must keep."""
    text.encode()
    assert re.fullmatch(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]*", text)
    assert name is Format.GITHUB or not OBEYED.search(text)
    JUDGES.get(name, lambda text, report: None)(text, report)


def _json(text: str, report: Report) -> None:
    JSON.validate(json.loads(text))


def _sarif(text: str, report: Report) -> None:
    log = json.loads(text)
    SARIF.validate(log)
    assert all(part.isprintable() for string in _strings(log) for part in string.split("\n"))
    run = log["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        ids = {str(related["id"]) for related in result.get("relatedLocations", ())}
        assert set(LINK.findall(result["message"]["text"])) == ids
        assert len(result["locations"]) == 1


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        for item in data:
            yield from _strings(item)
    elif isinstance(data, str):
        yield data


def _junit(text: str, report: Report) -> None:
    JUNIT.assertValid(etree.fromstring(text.encode()))
    root = ET.fromstring(text)
    assert all(line.isprintable() for element in root.iter() for part in element.itertext() for line in part.split("\n"))
    assert all(value.isprintable() for element in root.iter() for value in element.attrib.values())
    assert "[[ATTACHMENT|" not in text
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))
    failing = [finding for finding in report.findings if finding.severity.reaches(report.fail_on)]
    assert len(failing) == len(root.findall(".//failure")) == int(root.get("failures", ""))
    for suite in root:
        assert [len(suite), len(suite.findall(".//skipped"))] == [int(suite.get(key, "")) for key in ("tests", "skipped")]


class _Tags(HTMLParser):
    """Notes the elements of some HTML, and its text outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.comments: list[str] = []
        self._code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert tag == "details" or not attrs
        self._code = tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._code = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._code else data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def _markdown(text: str, report: Report) -> None:
    assert len(text.encode()) <= 65_536
    html = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(text)
    html = re.sub(r'<code class="language-(?:yaml|terraform)">', "<code>", html)
    page = _Tags()
    page.feed(html)

    allowed = {"b", "br", "code", "details", "h3", "li", "p", "pre", "strong", "sub", "summary", "ul"}
    allowed |= {"table", "tbody", "td", "th", "thead", "tr"}
    assert set(page.tags) <= allowed
    assert [" paritycheck report "] == page.comments
    assert 1 == page.tags.count("h3")
    assert page.tags.count("details") == page.tags.count("summary") == html.count("</details>")
    assert not ACTS.search(page.text)
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        assert 1 == len({row.count("<td>") + row.count("<th>") for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)})


def _github(text: str, report: Report) -> None:
    *commands, verdict, end = text.split("\n")
    assert not end
    assert verdict.startswith(("PASS  ", "FAIL  "))
    kinds = [match["kind"] for command in commands if (match := COMMAND.fullmatch(command))]
    wanted = {"error": "error", "warning": "warning", "note": "notice"}
    for severity, kind in wanted.items():
        count = sum(finding.severity == severity for finding in report.findings) + (len(report.skipped) if severity == "warning" else 0)
        assert min(10, count) == kinds.count(kind)
    others = [command for command in commands if not COMMAND.fullmatch(command)]
    assert all(re.match(r"[\d,]+ more: ", other) for other in others)
    assert len(others) <= 1


def _html(text: str, report: Report) -> None:
    page = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    elements = list(html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page).iter())
    assert all(part.isprintable() for each in elements[0].itertext() for part in each.split("\n"))
    assert not {name for element in elements for name in element.attrib if name.startswith("on") or name in {"src", "style"}}
    assert all(element.get("href", "#").startswith("#") for element in elements)
    assert len(report.findings) == sum("data-finding" in element.attrib for element in elements)


def _console(text: str, report: Report) -> None:
    assert all(line.isprintable() for line in text.split("\n"))


JUDGES: dict[Format, Callable[[str, Report], None]] = {
    Format.CONSOLE: _console,
    Format.JSON: _json,
    Format.SARIF: _sarif,
    Format.JUNIT: _junit,
    Format.MARKDOWN: _markdown,
    Format.GITHUB: _github,
    Format.HTML: _html,
}
