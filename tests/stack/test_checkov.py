"""checkov's whole built-in set on the plans of all environments: nothing fails but for reviewed suppressions, all of them in use."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine

ROOT = Path(__file__).parents[2]
CHECKOV = ROOT / ".checkov" / "bin" / "checkov"
CONFIG = load_config(ROOT / "parity.yaml")
SOURCES = sorted(ROOT.glob("*.tf"))
BLOCK = re.compile(r'^(resource|data) "(\w+)" "(\w+)" \{\n(.*?)^\}', flags=re.DOTALL | re.MULTILINE)
SUPPRESSION = re.compile(r"#\s*checkov:skip=([^:\n]*):?(.*)")


class Skip(NamedTuple):
    """A check that a block of the stack suppresses."""

    check: str
    block: str
    """Its address, such as `aws_lambda_function.this`, without a key; of a data source without `data.`, as checkov has it."""
    reason: str


def scan(arguments: list[str], home: Path) -> dict[str, Any]:
    """What checkov reports of every check that it has; it asks no network, and reads no settings of the user's."""
    assert CHECKOV.is_file(), "checkov is missing: make setup"
    command = [CHECKOV, *arguments, "--skip-download", "--output", "json"]
    done = subprocess.run(command, cwd=home, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)

    assert done.returncode in {0, 1}, done.stderr
    report = json.loads(done.stdout)
    return {**report["results"], "summary": report["summary"]}


def scan_plans(documents: dict[str, bytes], sources: Path, home: Path) -> dict[str, Any]:
    paths = [home / f"{environment}.json" for environment in documents]
    for path, document in zip(paths, documents.values(), strict=True):
        path.write_bytes(document)
    return scan(["--framework", "terraform_plan", "--repo-root-for-plan-enrichment", str(sources), "--file", *map(str, paths)], home)


def blocks() -> list[tuple[str, str, str, str]]:
    """(kind, type, name, body) of the stack's resources and data sources."""
    return [found for path in SOURCES for found in BLOCK.findall(path.read_text(encoding="utf-8"))]


def block_of(record: dict[str, Any]) -> str:
    return str(record["resource"]).partition("[")[0]


def skips(report: dict[str, Any]) -> set[Skip]:
    """The suppressions that were used."""
    return {Skip(record["check_id"], block_of(record), record["check_result"]["suppress_comment"]) for record in report["skipped_checks"]}


def failures(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(Path(record["file_abs_path"]).stem, record["check_id"], record["resource"]) for record in report["failed_checks"]]


def resources(document: bytes) -> int:
    return sum(change["mode"] == "managed" for change in json.loads(document)["resource_changes"])


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    plans = select_engine(CONFIG).documents(CONFIG.environments)
    return {environment.name: plan for environment, plan in zip(CONFIG.environments, plans, strict=True)}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stack's sources and nothing else: checkov would read every other one below it too."""
    folder = tmp_path_factory.mktemp("sources")
    for path in SOURCES:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def plans_report(documents: dict[str, bytes], sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return scan_plans(documents, sources, tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="module")
def data_report(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of the data sources alone: they are read before the plan is made, so that checkov sees their policies in the sources only."""
    report = scan(["--framework", "terraform", "--directory", str(sources)], tmp_path_factory.mktemp("home"))
    names = {f"{type_}.{name}" for kind, type_, name, _ in blocks() if kind == "data"}
    return {
        "parsing_errors": report["parsing_errors"],
        **{kind: [record for record in report[kind] if block_of(record) in names] for kind in ("failed_checks", "skipped_checks")},
    }


@pytest.fixture(scope="module")
def written() -> list[Skip]:
    """The suppressions in the sources, by the block that they stand in."""
    return [Skip(check, f"{type_}.{name}", reason) for _, type_, name, body in blocks() for check, reason in SUPPRESSION.findall(body)]


def test_every_environment_is_read_whole(documents: dict[str, bytes], plans_report: dict[str, Any]) -> None:
    """checkov passes over a plan that it cannot read, and reports success."""
    read = {Path(record["file_abs_path"]).stem for record in plans_report["passed_checks"]}

    assert [] == plans_report["parsing_errors"]
    assert documents.keys() == read
    assert sum(map(resources, documents.values())) == plans_report["summary"]["resource_count"]


def test_no_check_fails_in_any_environment(plans_report: dict[str, Any]) -> None:
    assert [] == failures(plans_report)


def test_the_same_checks_are_suppressed_in_every_environment(plans_report: dict[str, Any]) -> None:
    suppressed = Counter((record["check_id"], record["resource"]) for record in plans_report["skipped_checks"])

    assert {len(CONFIG.environments)} == set(suppressed.values())


def test_no_check_fails_on_a_data_source(data_report: dict[str, Any]) -> None:
    assert ([], []) == (data_report["parsing_errors"], failures(data_report))


def test_every_suppression_suppresses_its_check_and_no_other(
    written: list[Skip], plans_report: dict[str, Any], data_report: dict[str, Any]
) -> None:
    """checkov takes CKV_AWS_111 for CKV_AWS_11 too."""
    assert set(written) == skips(plans_report) | skips(data_report)


def test_every_suppression_stands_in_a_block_and_has_a_reason(written: list[Skip]) -> None:
    assert len(written) == sum(path.read_text(encoding="utf-8").count("checkov:skip") for path in SOURCES)
    assert [] == [skip for skip in written if not re.fullmatch(r"\S.{20,}\.", skip.reason)]


def test_every_suppression_is_documented(written: list[Skip]) -> None:
    page = (ROOT / "docs" / "suppressions.md").read_text(encoding="utf-8")
    documented = [Skip(*row) for row in re.findall(r"^\| (CKV\w+) \| `([^`]+)` \| ([^|]+?) \|", page, flags=re.MULTILINE)]

    assert sorted(written) == sorted(documented)


def test_a_violation_in_one_environment_is_found(documents: dict[str, bytes], sources: Path, tmp_path: Path) -> None:
    """The other tests of this module can fail."""
    rotating, still = b'"enable_key_rotation":true', b'"enable_key_rotation":false'
    assert rotating in documents["prod"]

    report = scan_plans({"prod": documents["prod"].replace(rotating, still)}, sources, tmp_path)

    assert [("prod", "CKV_AWS_7", "aws_kms_key.this")] == failures(report)
