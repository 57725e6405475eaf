"""Findings from verdicts: one for a policy and a resource, and what is wrong with suppressions. No process runs here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from paritycheck.config import Environment, Normalize
from paritycheck.findings import Allowed, Finding, Severity, Special
from paritycheck.normalize import build_vocabulary
from paritycheck.policy.checkov import Judgment, Policy, Result, Results, Suppressions, Verdict, judge
from paritycheck.source import Sources
from tests.plans import document, plans

TODAY = date(2026, 1, 1)
NAMES = ("dev", "staging", "prod")
CUSTOM = Policy("CKV_X_1", "A queue has a key", Severity.ERROR, "Set kms_master_key_id.", Path("policies/queue_key.py"))
MILD = Policy("CKV_X_2", "A queue has a tag", Severity.WARNING, None, Path("policies/tag.yaml"))
BUILTIN = Policy("CKV_AWS_27", "Ensure all data stored in the SQS queue is encrypted", Severity.ERROR, None, None)
QUEUE = "aws_sqs_queue.q"
SOURCE = 'resource "aws_sqs_queue" "q" {\n  name              = "q"\n  kms_master_key_id = "x"\n  %s\n}\n'


def outcome(*results: tuple[Policy, str, str], environments: tuple[str, ...] = NAMES, builtin: tuple[str, ...] = ()) -> Results:
    """Build verdicts: policy, address and one letter an environment, of pass, fail, unknown and nothing (-)."""
    letters = {"p": Verdict.PASS, "f": Verdict.FAIL, "u": Verdict.UNKNOWN}
    verdicts = {
        name: tuple(
            Result(policy, address.replace("ENV", name), letters[word[index]], ("kms_master_key_id",))
            for policy, address, word in results
            if word[index] != "-"
        )
        for index, name in enumerate(environments)
    }
    policies = {each.id: each for each in (CUSTOM, MILD, BUILTIN, *(policy for policy, _, _ in results))}
    return Results("3", policies, verdicts, frozenset(builtin))


def judged(results: Results, directory: Path, comment: str = "", known: tuple[str, ...] = NAMES) -> Judgment:
    (directory / "main.tf").write_text(SOURCE % comment)
    names = tuple(results.environments)
    sources = [Sources.load(Environment(name, directory)) for name in names]
    vocabulary = build_vocabulary(plans(lambda _: document(), names), Normalize())
    return judge(results, vocabulary, sources, Suppressions.read(sources), environments=known, today=TODAY)


def only(judgment: Judgment) -> Finding:
    (finding,) = judgment.findings
    return finding


def test_what_holds_everywhere_is_no_finding(tmp_path: Path) -> None:
    judgment = judged(outcome((CUSTOM, QUEUE, "ppp"), (MILD, QUEUE, "p-p")), tmp_path)

    assert Judgment((), (), 5, 0, 0) == judgment


def test_a_violation_in_all_environments_is_one_finding_at_the_attribute(tmp_path: Path) -> None:
    judgment = judged(outcome((CUSTOM, QUEUE, "fff")), tmp_path)
    finding = only(judgment)

    assert ("policy-violation", Severity.ERROR, QUEUE, "kms_master_key_id") == (
        finding.rule,
        finding.severity,
        finding.address,
        finding.path,
    )
    assert dict.fromkeys(NAMES, "fail") == finding.values
    assert finding.location is not None
    assert ("main.tf", 3) == (Path(finding.location.file).name, finding.location.line)
    assert ("violates CKV_X_1, 'A queue has a key'", "Set kms_master_key_id.") == (finding.message, finding.hint)
    assert ("CKV_X_1 queue-key", "CKV_X_1") == (finding.cause, finding.policy)
    assert (0, 3, 0) == (judgment.passed, judgment.failed, judgment.skipped)


@pytest.mark.parametrize(
    ("guideline", "begins"),
    [
        (None, "Give it what the policy demands, or suppress it with a reason: `#checkov:skip=CKV_X_2:REASON`"),
        ("docs/policies.md#tag", "Do as docs/policies.md#tag says, or suppress it"),
        ("Set a\n tag.", "Set a tag."),
    ],
)
def test_a_hint_says_what_to_do(tmp_path: Path, guideline: str | None, begins: str) -> None:
    finding = only(judged(outcome((replace(MILD, guideline=guideline), QUEUE, "fff")), tmp_path))

    assert finding.hint.startswith(begins)


def test_two_policies_on_one_attribute_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    findings = judged(outcome((CUSTOM, QUEUE, "fff"), (MILD, QUEUE, "fff")), tmp_path).findings

    assert 2 == len({finding.fingerprint for finding in findings})
    assert [Severity.ERROR, Severity.WARNING] == [finding.severity for finding in findings]


def test_another_verdict_in_another_environment_is_a_difference_however_mild_the_policy(tmp_path: Path) -> None:
    finding = only(judged(outcome((MILD, QUEUE, "pfu")), tmp_path))

    assert ("policy-difference", Severity.ERROR) == (finding.rule, finding.severity)
    assert "CKV_X_2, 'A queue has a tag': is violated in staging, holds in dev, cannot be decided in prod" == finding.message
    assert {"dev": "pass", "staging": "fail", "prod": "unknown"} == finding.values


@pytest.mark.parametrize(("policy", "severity"), [(CUSTOM, Severity.ERROR), (MILD, Severity.WARNING), (BUILTIN, Severity.WARNING)])
def test_what_cannot_be_decided_is_no_pass(tmp_path: Path, policy: Policy, severity: Severity) -> None:
    """Checks of checkov's own cannot know how to ask: theirs do not fail a run."""
    judgment = judged(outcome((policy, QUEUE, "upu")), tmp_path)

    assert ("undecided-policy", severity) == (only(judgment).rule, only(judgment).severity)
    assert (1, 2) == (judgment.passed, judgment.failed)


def test_environments_are_named_where_they_are_not_all(tmp_path: Path) -> None:
    because = "because of a value that is known only after apply"
    suppressed = judged(outcome((MILD, QUEUE, "uuu")), tmp_path, "#checkov:skip=CKV_X_2:Soon (environments: dev)")

    assert f"CKV_X_2, 'A queue has a tag': cannot be decided, {because}" == only(judged(outcome((MILD, QUEUE, "uuu")), tmp_path)).message
    assert f"CKV_X_2, 'A queue has a tag': cannot be decided in staging and prod, {because}" == only(suppressed).message


def test_resources_with_the_environments_name_in_their_key_are_one(tmp_path: Path) -> None:
    finding = only(judged(outcome((CUSTOM, 'aws_sqs_queue.q["ENV"]', "fff")), tmp_path))

    assert 'aws_sqs_queue.q["{env}"]' == finding.address


def test_an_environment_without_the_resource_shows_it_as_absent(tmp_path: Path) -> None:
    finding = only(judged(outcome((CUSTOM, QUEUE, "f-f")), tmp_path))

    assert ("policy-violation", {"dev": "fail", "staging": Special.ABSENT, "prod": "fail"}) == (finding.rule, finding.values)


def test_a_suppression_takes_a_violation_back_and_keeps_its_reason(tmp_path: Path) -> None:
    judgment = judged(outcome((CUSTOM, QUEUE, "fff")), tmp_path, "#checkov:skip=CKV_X_1:Public data")

    assert Judgment((), (Allowed("CKV_X_1", "Public data", QUEUE, "", dict.fromkeys(NAMES, "suppressed")),), 0, 0, 3) == judgment


def test_a_suppression_in_one_environment_hides_nothing_in_another(tmp_path: Path) -> None:
    judgment = judged(outcome((CUSTOM, QUEUE, "fff")), tmp_path, "#checkov:skip=CKV_X_1:Public data (environments: dev)")

    assert ("policy-violation", {"dev": "suppressed", "staging": "fail", "prod": "fail"}) == (only(judgment).rule, only(judgment).values)
    assert (2, 1, 1) == (judgment.failed, judgment.skipped, len(judgment.suppressed))


def test_a_reviewed_violation_in_one_environment_is_no_difference(tmp_path: Path) -> None:
    assert () == judged(outcome((CUSTOM, QUEUE, "fpp")), tmp_path, "#checkov:skip=CKV_X_1:Public data (environments: dev)").findings


@pytest.mark.parametrize(
    ("comment", "rule", "message"),
    [
        ("CKV_X_1", "unexplained-suppression", "the suppression of CKV_X_1 has no reason, and suppresses nothing"),
        ("CKV_X_1:Why (until: 2025-12-31)", "expired-suppression", "the suppression of CKV_X_1 expired on 2025-12-31"),
        ("CKV_X_2:Why", "stale-suppression", "the suppression of CKV_X_2 suppresses nothing"),
        ("CKV_X_2:Why (environments: dev, prod)", "stale-suppression", "the suppression of CKV_X_2 suppresses nothing"),
        ("CKV_X:Why", "unknown-suppression", "the suppression names CKV_X, which is no policy"),
        (":Why", "unknown-suppression", "the suppression names no policy"),
        (
            "CKV_X_1:Why (environments: test)",
            "unknown-suppression",
            "the suppression of CKV_X_1 names the environment 'test', which parity.yaml does not have",
        ),
        (
            "CKV_X_1:Why (env: dev)",
            "unknown-suppression",
            "the suppression of CKV_X_1 has no option 'env': there are environments and until",
        ),
    ],
)
def test_what_is_wrong_with_a_suppression_is_a_finding_beside_the_violation(tmp_path: Path, comment: str, rule: str, message: str) -> None:
    findings = {each.rule: each for each in judged(outcome((CUSTOM, QUEUE, "fff")), tmp_path, f"#checkov:skip={comment}").findings}

    assert {"policy-violation", rule} == findings.keys()
    found = findings[rule]
    assert found.location is not None
    assert (message, Severity.WARNING, QUEUE, 4) == (found.message, found.severity, found.address, found.location.line)


def test_a_suppression_that_is_stale_in_one_of_the_environments_that_it_names_says_so(tmp_path: Path) -> None:
    findings = judged(outcome((CUSTOM, QUEUE, "fpp")), tmp_path, "#checkov:skip=CKV_X_1:Why (environments: dev, prod)").findings

    assert ["the suppression of CKV_X_1 suppresses nothing in prod"] == [finding.message for finding in findings]


@pytest.mark.parametrize(
    "comment",
    [
        "CKV_AWS_99:A check of checkov's own that is not run",
        "CKV_X_1:For an environment that is not judged now (environments: prod)",
    ],
)
def test_what_cannot_be_told_now_is_not_stale(tmp_path: Path, comment: str) -> None:
    results = outcome((CUSTOM, QUEUE, "p"), environments=("dev",), builtin=("CKV_AWS_99",))

    assert () == judged(results, tmp_path, f"#checkov:skip={comment}").findings


def test_without_sources_there_is_no_place(tmp_path: Path) -> None:
    vocabulary = build_vocabulary(plans(lambda _: document(), NAMES), Normalize())
    found = judge(outcome((CUSTOM, QUEUE, "fff")), vocabulary, (), Suppressions(), environments=NAMES, today=TODAY)

    assert only(found).location is None
