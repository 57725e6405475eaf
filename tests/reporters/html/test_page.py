"""The page as a document: what is in it, and that no text in it can become anything else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.findings import Finding, PolicyCounts, Report, Severity
from paritycheck.reporters.interface import Style
from tests.reporters import sample
from tests.reporters.html.pages import CLEAN, RICH, TOPOLOGY, large, of, render
from tests.reporters.picture import stacks
from tests.reporters.test_formats import HOSTILE

HARMLESS = "name"
EMPHASIS = {"mark", "code"}
"""Elements that mark a part of a text; which one is a matter of the text."""

Shape = tuple[str, tuple[str, ...], tuple["Shape", ...]]


def parse(page: str) -> Element:
    """Read a page as browsers do, but forgive no error in it."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return root


def body(page: str) -> str:
    """Return the page without its style and its script, which are long and the same in all of them."""
    return re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)


def shape(element: Element) -> Shape:
    """Return the elements of a page and the names of their attributes, without any text."""
    return str(element.tag), tuple(sorted(element.attrib)), tuple(shapes(element))


def shapes(parent: Element) -> Iterator[Shape]:
    for element in parent:
        if element.tag in EMPHASIS and not element.attrib:
            yield from shapes(element)
        else:
            yield shape(element)


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def found(root: Element, name: str) -> Element:
    """Return the element of a class or an identifier."""
    return next(each for each in root.iter() if name == each.get("id") or name in (each.get("class") or "").split())


def data(root: Element) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(found(root, "data").text or "")
    return loaded


NAMES = {name: text for name, text in HOSTILE.items() if text.strip()}


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())
def test_no_text_changes_the_elements(text: str) -> None:
    page = render(of(text))

    assert shape(parse(body(render(of(HARMLESS))))) == shape(parse(body(page)))


@settings(max_examples=15)
@given(st.text(st.characters(codec=None) | st.sampled_from("<>&\"'/!-=`\\"), min_size=1, max_size=30).filter(str.strip))
def test_nothing_that_could_be_a_name_changes_the_elements(text: str) -> None:
    assert shape(parse(body(render(of(HARMLESS))))) == shape(parse(body(render(of(text)))))


@pytest.mark.parametrize("report", [RICH, CLEAN, sample.HOSTILE_REPORT, stacks.HOSTILE_REPORT, Report((), ())])
def test_runs_and_loads_nothing_but_its_own(report: Report) -> None:
    page = render(report)
    root = parse(page)
    elements = list(root.iter())

    policy = next(each.get("content", "") for each in elements if each.get("http-equiv") == "Content-Security-Policy")
    style, script = ("".join(each.itertext()) for each in elements if each.tag in {"style", "script"} and not each.get("id"))
    allowed = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script)]
    expected = f"default-src 'none'; style-src {allowed[0]}; script-src {allowed[1]}; base-uri 'none'; form-action 'none'"
    assert expected == policy
    names = {name for each in elements for name in each.attrib}
    assert {name for name in names if name.startswith("on") or name in {"style", "src", "action", "srcdoc", "formaction"}} == set()
    assert {href for each in elements if not (href := each.get("href", "#")).startswith("#")} == set()
    assert "url(" not in style.replace("url(#topology-end)", "")
    assert not {"fetch(", "XMLHttpRequest", "innerHTML", "eval(", "import(", "insertAdjacentHTML"} & set(re.findall(r"\w+\(?", script))


@pytest.mark.parametrize("report", [RICH, sample.HOSTILE_REPORT, stacks.HOSTILE_REPORT])
def test_links_lead_somewhere_and_identifiers_are_unique(report: Report) -> None:
    elements = list(parse(render(report)).iter())

    ids = [each.get("id") for each in elements if each.get("id")]
    links = {each.get("href") for each in elements if each.tag == "a"}
    named = {name for each in elements if (name := each.get("aria-labelledby"))}
    assert len(set(ids)) == len(ids)
    assert links | {f"#{name}" for name in named} <= {f"#{id_}" for id_ in ids}


def test_is_the_same_in_every_encoding() -> None:
    assert render(of("\u00e9\u4e16\U0001f600")).isascii()
    assert "\u00e9\u4e16\U0001f600" in words(parse(render(of("\u00e9\u4e16\U0001f600"))))


def test_is_the_same_in_every_process(tmp_path: Path) -> None:
    program = "import sys; from tests.reporters.html.pages import RICH, render; sys.stdout.write(render(RICH))"
    pages = [
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout
        for seed in ("1", "2")
    ]

    assert [render(RICH)] * 2 == pages


def test_tells_the_verdict_first() -> None:
    root = parse(render(RICH))

    assert "FAIL: dev, staging and prod neither hold parity nor keep the policies" == words(next(root.iter("title")))
    assert "FAIL dev, staging and prod neither hold parity nor keep the policies" == words(next(root.iter("h1")))
    assert words(found(root, "figures")).startswith("34 errors 2 warnings 1 note 1 known 12 allowed differences 4,321 values compared")


def test_a_run_that_passed_says_so() -> None:
    root = parse(render(CLEAN))

    assert "PASS dev and prod hold parity" == words(next(root.iter("h1")))
    assert "Nothing was found." == words(found(root, "nothing"))
    assert words(found(root, "figures")).startswith("0 errors")


def test_says_what_fails_a_run_where_it_is_not_errors_alone() -> None:
    assert "Here a warning fails a run." in words(found(parse(render(replace(CLEAN, fail_on=Severity.WARNING))), "masthead"))
    assert "fails a run" not in words(parse(render(CLEAN)))


def test_counts_policies_only_where_they_were_run() -> None:
    with_policies = words(found(parse(render(replace(CLEAN, policies=PolicyCounts(7, 0, 2)))), "figures"))

    assert "7 policy verdicts passed 2 suppressed" in with_policies
    assert "polic" not in words(found(parse(render(CLEAN)), "figures"))


def test_a_finding_has_a_link_of_its_own() -> None:
    row = found(parse(render(RICH)), f"finding-{sample.FINDINGS[0].fingerprint}")

    assert "aws_kinesis_stream.orders shard_count tap_stack.tf:210 resource link 1 1 4 stands alone" == words(row)
    assert ["#resource-2", f"#finding-{sample.FINDINGS[0].fingerprint}"] == [link.get("href") for link in row.iter("a")]


def test_findings_of_one_fingerprint_have_links_of_their_own() -> None:
    twice = sample.difference("aws_x.y", "a", (1, 2, 3))
    root = parse(render(replace(sample.CLEAN, findings=(twice, replace(twice, message="It also does.")))))

    ids = [each.get("id") for each in root.iter("tr") if each.get("id")]
    assert [f"finding-{twice.fingerprint}", f"finding-{twice.fingerprint}-2"] == ids


def test_the_script_knows_what_findings_are_about() -> None:
    known = data(parse(render(replace(RICH, findings=(sample.FINDINGS[0], sample.FINDINGS[-1])))))

    assert [
        {"severity": "error", "rule": "value-difference", "service": "Kinesis", "environments": ["prod"], "nodes": [2]},
        {"severity": "warning", "rule": "stale-allowance", "service": "", "environments": [], "nodes": []},
    ] == known["findings"]


def test_the_script_knows_the_neighbors_of_each_resource() -> None:
    neighbors = data(parse(render(RICH)))["neighbors"]

    assert isinstance(neighbors, list)
    assert [[2, 4], [2], [0, 1], [4], [0, 3]] == neighbors[:5]
    assert len(TOPOLOGY.nodes) == len(neighbors)


def test_shows_a_resource_in_full() -> None:
    root = parse(render(RICH))
    resource = found(root, "resource-2")

    assert words(resource) == (
        "aws_kinesis_stream.orders differs Resource of Kinesis, planned: create in dev, staging, prod"
        " Findings error: value-difference shard_count"
        " Not the same everywhere Attribute dev staging prod shard_count 1 1 4 stands alone"
        ' Data goes to aws_lambda_function.this["match"] Data comes from aws_lambda_function.this["validate"]'
        ' Referred to by aws_lambda_function.this["match"]'
        ' Attributes arn (known after apply) name "tap-{env}-orders"'
    )


def test_a_report_without_a_topology_has_no_picture() -> None:
    root = parse(render(sample.EVERYTHING))

    assert not any(each.tag.endswith("svg") for each in root.iter())
    assert not any((each.get("href") or "").startswith("#resource") for each in root.iter())
    assert [] == data(root)["neighbors"]


@pytest.mark.parametrize(("policies", "told"), [(PolicyCounts(1, 0, 0), "breaks no policy"), (None, "not compared")])
def test_nothing_is_said_to_be_the_same_where_nothing_was_compared(policies: PolicyCounts | None, told: str) -> None:
    picture = next(each for each in parse(render(replace(CLEAN, compared=False, policies=policies))).iter() if each.tag.endswith("svg"))

    assert "everywhere" not in words(picture)
    assert f"{told} (46)" in words(picture)
    assert "differs" not in words(picture)


def test_chains_are_told_once_for_the_findings_that_share_them() -> None:
    causes = [each for each in parse(render(RICH)).iter("article") if "var.orders_shard_count" in words(each)]

    assert [
        "tfvars/dev.tfvars:12 gives dev its value: 1",
        "tfvars/staging.tfvars:12 gives staging its value: 1",
        "tfvars/prod.tfvars:12 gives prod its value: 4",
    ] == [words(step) for step in next(causes[0].iter("ol"))]


def test_names_files_from_the_root_of_the_repository() -> None:
    page = Style(directory="/srv/stack", root="/srv")
    from paritycheck.reporters.html import HtmlReporter

    assert "stack/tap_stack.tf:210" in HtmlReporter(page).render(RICH)


@pytest.mark.parametrize("severity", list(Severity))
def test_a_severity_is_told_in_words(severity: Severity) -> None:
    report = replace(sample.CLEAN, findings=(Finding("stale-allowance", severity, "", "It is so.", "Mend it."),))

    assert severity.value == words(found(parse(render(report)), "badge"))


def test_a_large_report_stays_small() -> None:
    page = render(large(2_000))

    assert len(page) < 3_500_000
    assert 2_000 == len(re.findall(r"<tr [^>]*data-finding", page))
