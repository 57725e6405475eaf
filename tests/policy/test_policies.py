"""Every custom policy on resources that are named by the verdict on them, planned offline and judged by checkov, all in one go.

The examples of the documentation are planned and judged with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from paritycheck.config import Config, Environment, Policies
from paritycheck.engines import select_engine
from paritycheck.policy.checkov import Result, Results, Verdict, find_checkov, start_checks
from paritycheck.source import load_all

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
CONFIGURATIONS = ROOT / "tests" / "assets" / "policies"
GUIDE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")

FILES = sorted(path for path in POLICIES.iterdir() if path.suffix in {".py", ".yaml"} and not path.name.startswith("_"))
SLUGS = [path.stem.replace("_", "-") for path in FILES]

RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)"', flags=re.MULTILINE)
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
NAMED = re.compile(r"(pass|fail|unknown|absent)_\w+")

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'

BESIDE = {
    "aws_iam_role.matcher": 'assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })',
    "aws_kms_key.data": "enable_key_rotation = true",
    "aws_s3_bucket.receipts": 'bucket = "receipts"',
    "aws_sns_topic.orders": 'name = "orders"',
    "aws_sqs_queue.dead_letters": 'name = "dead-letters"',
    "aws_sqs_queue.orders": 'name = "orders"',
}
"""What the documentation's examples refer to."""


def configuration(slug: str) -> str:
    return (CONFIGURATIONS / f"{slug}.tf").read_text(encoding="utf-8")


def declared(text: str) -> list[str]:
    return [f"{type_}.{name}" for type_, name in RESOURCE.findall(text)]


def section(slug: str) -> str:
    found = re.search(rf"^### {re.escape(slug)}\n(.*?)(?=^##|\Z)", GUIDE, flags=re.MULTILINE | re.DOTALL)

    assert found, f"docs/policies.md has no section {slug}"
    return found[1]


def examples(slug: str) -> tuple[str, str]:
    """The bad and the good one, each with what it refers to beside it."""
    bad, good = re.findall(r"^```terraform\n(.*?)^```$", section(slug), flags=re.MULTILINE | re.DOTALL)
    return bad, good


def completed(example: str) -> str:
    beside = (name for name in BESIDE if f"{name}." in example and name not in declared(example))
    return example + "".join('\nresource "{}" "{}" {{\n  {}\n}}\n'.format(*name.split("."), BESIDE[name]) for name in beside)


def modules() -> Iterator[tuple[str, str]]:
    """Name and configuration of every module."""
    for slug in SLUGS:
        bad, good = examples(slug)
        yield slug, configuration(slug)
        yield f"{slug}_bad", completed(bad)
        yield f"{slug}_good", completed(good)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The verdicts on one plan, of which all configurations are modules."""
    directory = tmp_path_factory.mktemp("policies")
    root = [PROVIDER]
    for name, text in modules():
        (directory / name).mkdir()
        (directory / name / "main.tf").write_text(text, encoding="utf-8")
        root.append(f'module "{name}" {{\n  source = "./{name}"\n}}\n')
    (directory / "main.tf").write_text("".join(root), encoding="utf-8")
    policies = Policies(directory=POLICIES)
    config = Config(directory / "parity.yaml", "offline", (Environment("test", directory),), policies=policies)
    checkov = find_checkov(None, ROOT, lambda path: pytest.fail(f"checkov is missing in {path}: make setup"))
    with start_checks(checkov, policies, config.path) as checks:
        checks.submit(select_engine(config).plan_all(config.environments), sources=load_all(config.environments, None))
        return checks.results()


def verdicts(results: Results, slug: str, module: str) -> dict[str, str]:
    """A policy's verdict on each block of a module; of several instances, all of their verdicts."""
    start = f"module.{module}."
    found: dict[str, set[str]] = {}
    for result in results.environments["test"]:
        if result.policy.slug == slug and result.address.startswith(start):
            found.setdefault(result.address.removeprefix(start).partition("[")[0], set()).add(str(result.verdict))
    return {block: "/".join(sorted(each)) for block, each in found.items()}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_resource_gets_the_verdict_that_it_is_named_by(results: Results, slug: str) -> None:
    found = verdicts(results, slug, slug)
    wanted = {block: match[1] for block in declared(configuration(slug)) if (match := NAMED.fullmatch(block.partition(".")[2]))}

    assert {"pass", "fail"} <= set(wanted.values())
    assert wanted == {block: found.get(block, "absent") for block in wanted}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_bad_example_fails_and_the_good_one_passes(results: Results, slug: str) -> None:
    bad, good = examples(slug)
    found = [verdicts(results, slug, f"{slug}_bad"), verdicts(results, slug, f"{slug}_good")]
    of_examples = [{found[block] for block in declared(text) if block in found} for text, found in zip((bad, good), found, strict=True)]

    assert [{"fail"}, {"pass"}] == of_examples


@pytest.mark.parametrize(("slug", "path"), list(zip(SLUGS, FILES, strict=True)))
def test_a_policy_and_its_section_say_the_same(results: Results, slug: str, path: Path) -> None:
    (policy,) = [policy for policy in results.policies.values() if policy.file == path]
    written = re.search(r"""severity(?:=|: )"?(\w+)""", path.read_text(encoding="utf-8"))

    assert written
    assert slug == policy.slug
    assert section(slug).startswith(f"\n**{policy.name}.** `{policy.id}`, {written[1].lower()}.\n")
    assert [policy.guideline] == [LINK.sub(r"\1", text) for text in re.findall(r"^Mend: (.*)$", section(slug), flags=re.MULTILINE)]
    assert ["Bad:", "Good:", "Mend:"] == re.findall(r"^(?:Bad|Good|Mend):", section(slug), flags=re.MULTILINE)


def test_every_section_belongs_to_a_policy() -> None:
    assert sorted(SLUGS) == sorted(re.findall(r"^### (.*)$", GUIDE, flags=re.MULTILINE))


def test_ids_are_numbered_without_a_gap(results: Results) -> None:
    numbers: dict[str, list[int]] = {"CKV_TAP": [], "CKV2_TAP": []}
    for prefix, _, number in (id_.rpartition("_") for id_ in results.policies):
        numbers[prefix].append(int(number))

    assert {prefix: list(range(1, len(found) + 1)) for prefix, found in numbers.items()} == {
        prefix: sorted(found) for prefix, found in numbers.items()
    }


def test_a_policy_says_which_attributes_it_looked_at(results: Results) -> None:
    def is_about(result: Result) -> bool:
        return result.policy.slug == "database-customer-key" and result.verdict is Verdict.FAIL and ".aws_rds_cluster." in result.address

    assert {("storage_encrypted", "kms_key_id")} == {result.paths for result in results.environments["test"] if is_about(result)}
