"""The whole check: what is refused, what is reported, and that no secret leaves."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck import source
from paritycheck.compare import Redactor
from paritycheck.config import Environment, Normalize
from paritycheck.errors import ConfigError, Location, PlanError, UsageError
from paritycheck.findings import Related, Severity, Special
from paritycheck.parity import check
from tests.plans import (
    TODAY,
    allow,
    brief,
    by_environment,
    config,
    configured,
    document,
    huge,
    plan,
    plans,
    protect,
    report,
    resource,
    values,
)

SECRET = "correct-horse-<battery>"
SENSITIVE = Special.SENSITIVE


def same(name: str) -> dict[str, Any]:
    return document(resource("aws_x.y", {"name": f"tap-{name}", "n": 1}))


# Integrity ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"errored": True}, "run that failed"),
        ({"complete": False}, "incomplete"),
        ({"deferred_changes": [{"reason": "x"}]}, "puts 1 changes off"),
        ({"resource_changes": []}, "holds no resources"),
    ],
)
def test_a_plan_that_proves_nothing_is_refused(parts: dict[str, Any], problem: str) -> None:
    with pytest.raises(PlanError, match=f"prod: .*{problem}"):
        report(lambda name: same(name) | (parts if name == "prod" else {}))


def test_plans_without_a_single_value_are_refused() -> None:
    with pytest.raises(PlanError, match="Nothing was compared"):
        report(lambda name: document(resource("aws_x.y", {})))


def test_one_environment_is_not_enough() -> None:
    with pytest.raises(UsageError):
        check(plans(same, ("dev",)), config(), today=TODAY)
    with pytest.raises(UsageError):
        check(plans(same, ("dev", "dev")), config(), today=TODAY)


def test_other_terraform_versions_are_reported_and_can_be_allowed() -> None:
    def build(name: str) -> dict[str, Any]:
        return same(name) | {"terraform_version": "1.9.8" if name == "prod" else "1.11.4"}

    assert [("version-difference", "terraform", "version")] == brief(report(build).findings)
    assert [] == brief(report(build, allow("terraform", "version")).findings)


def test_a_resource_that_every_plan_leaves_out_is_reported() -> None:
    blocks = [configured("aws_x.y"), configured("aws_x.targeted"), {**configured("aws_x.many"), "count_expression": {"constant_value": 0}}]
    result = report(lambda name: document(resource("aws_x.y", {"a": 1}), configuration=blocks))

    assert ["the configuration declares aws_x.targeted, which no plan holds"] == [finding.message for finding in result.findings]


def test_instances_are_planned_resources_though_the_plan_does_not_say_where_they_come_from() -> None:
    blocks = [configured("aws_x.y"), configured("aws_x.constant")]
    instances = [resource("aws_x.y", {"a": 1}), resource('aws_x.constant["b"]', {"a": 1})]

    assert [] == brief(report(lambda name: document(*instances, configuration=blocks)).findings)


@pytest.mark.parametrize(("failing", "severity"), [(("prod",), Severity.ERROR), (("dev", "staging", "prod"), Severity.WARNING)])
def test_a_failing_check_is_reported(failing: tuple[str, ...], severity: Severity) -> None:
    def build(name: str) -> dict[str, Any]:
        status = "fail" if name in failing else "pass"
        problems = [{"problems": [{"message": "too small"}]}] if name in failing else []
        return same(name) | {"checks": [{"address": {"to_display": "check.size"}, "status": status, "instances": problems}]}

    found = report(build).findings

    assert [("failed-check", "check.size", severity, "fails: too small")] == [(f.rule, f.address, f.severity, f.message) for f in found]


def test_a_check_that_only_some_environments_make_is_missing_in_the_others() -> None:
    def build(name: str) -> dict[str, Any]:
        made = [
            {"address": {"to_display": "module.m.check.size"}, "status": "pass"},
            {"address": {"to_display": "aws_x.y"}, "status": "pass"},
        ]
        return same(name) | ({"checks": made} if name != "prod" else {})

    found = report(build).findings

    assert [("missing-resource", "module.m.check.size", "the check is missing in prod")] == [(f.rule, f.address, f.message) for f in found]


def test_contradicting_rules_are_refused() -> None:
    with pytest.raises(ConfigError, match="allows what protect rule"):
        report(same, allow("aws_x.y", "n"), protect("aws_x.*", "n"))


# The report ---------------------------------------------------------------------------------------------------------


def test_parity_passes_and_says_how_much_was_compared() -> None:
    result = report(same)

    assert (True, 2, 1) == (result.passed, result.compared_values, result.normalized)
    assert ["dev", "staging", "prod"] == [environment.name for environment in result.environments]


def test_what_is_allowed_is_listed_with_its_reason() -> None:
    result = values(by_environment(dev=1, staging=2, prod=4), rules=[allow("aws_x.y", "value", order="ascending", reason="load")])

    assert [("rule", "load", {"dev": 1, "staging": 2, "prod": 4})] == [(a.allow, a.reason, dict(a.values)) for a in result.allowed]


def test_a_thousand_resources_have_the_differences_that_they_have() -> None:
    found = check([plan(huge(name, 1_000), name) for name in ("dev", "staging", "prod")], config(normalize=Normalize("env")), today=TODAY)

    assert 10 == len(found.findings)
    assert {"delay_seconds"} == {finding.path for finding in found.findings}


class Source:
    """The part of `Sources` that the check asks, with what it would say."""

    def __init__(self, name: str) -> None:
        self.environment = Environment(name, Path())

    def locate(self, address: str, path: str = "") -> Location | None:
        return Location("main.tf", 7) if (address, path) == ("aws_x.y", "value") else None


def test_a_finding_says_where_it_is_written_and_what_is_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    step = Related(Location("dev.tfvars", 1), f"{SECRET} in dev")
    monkeypatch.setattr(source, "explain", lambda sources, address, path: source.Trace("var.size", (step,)))
    monkeypatch.setattr(source, "hazards", lambda sources, variable: ())
    result = report(
        lambda name: document(resource("aws_x.y", {"value": len(name)}), variables={"pw": SECRET}, sensitive=["pw"]),
        sources=[Source(name) for name in ("dev", "staging", "prod")],
    )
    finding = result.findings[0]

    assert ("var.size", Location("main.tf", 7)) == (finding.cause, finding.location)
    assert ["(sensitive) in dev"] == [place.message for place in finding.related]


def test_a_missing_resource_is_explained_by_what_decides_in_every_environment(tmp_path: Path) -> None:
    """Also where it is missing: its number of instances comes from somewhere."""
    (tmp_path / "main.tf").write_text('variable "n" {}\nresource "aws_x" "y" {\n  count = var.n\n}\n', encoding="utf-8")
    for name in ("dev", "staging", "prod"):
        (tmp_path / f"{name}.tfvars").write_text(f"n = {int(name == 'prod')}\n", encoding="utf-8")
    result = report(
        lambda name: document(*([resource("aws_x.y[0]", {"a": 1})] if name == "prod" else []), resource("aws_x.z", {"a": 1})),
        sources=source.load_all(Environment(name, tmp_path, (tmp_path / f"{name}.tfvars",)) for name in ("dev", "staging", "prod")),
    )
    finding = result.findings[0]

    assert ("missing-resource", "var.n") == (finding.rule, finding.cause)
    assert ["aws_x.y", "aws_x.y", "var.n in dev", "var.n in staging", "var.n in prod"] == [place.message for place in finding.related]


# Secrets ------------------------------------------------------------------------------------------------------------


def hidden(name: str) -> dict[str, Any]:
    """A plan that holds a secret wherever a plan may hold one; only one environment marks it."""
    secret = f"{SECRET}-{name}"
    after = {
        "password": secret,
        "map": {"inner": [secret]},
        "url": f"mysql://root:{secret}@{'x' * len(name)}/db",
        "json": json.dumps({"env": {"PW": secret, "n": len(name)}}),
        "encoded": f"{base64.b64encode(secret.encode()).decode()}.{len(name)}",
        f"key-{secret}": len(name),
        "n": len(name),
    }
    return document(
        resource("aws_x.y", after, after_sensitive={"password": name == "dev", "map": {"inner": [True]}} if name == "dev" else {}),
        resource(f'aws_x.z["{secret}"]', {"n": len(name)}, before={"p": secret}, before_sensitive={"p": True}, actions=["update"]),
        variables={"pw": secret},
        sensitive=["pw"],
        outputs={"o": {"actions": ["create"], "after": secret, "after_sensitive": name == "prod"}, "copy": f"{len(name)} {secret}"},
        checks=[{"address": {"to_display": "check.c"}, "status": "fail", "instances": [{"problems": [{"message": f"bad {secret}"}]}]}],
        terraform_version=f"1.{len(name)}",
    )


@pytest.mark.parametrize("normalize", [Normalize(), Normalize(tokens={"part": {"dev": "horse", "staging": "mule", "prod": "ox"}})])
def test_no_secret_is_in_a_report(normalize: Normalize) -> None:
    result = report(hidden, allow("aws_x.y", "n", id="n"), normalize=normalize)
    text = repr(result)

    assert result.findings
    for name in ("dev", "staging", "prod"):
        secret = f"{SECRET}-{name}"
        forms = (
            secret,
            json.dumps(secret)[1:-1],
            secret.replace("<", "\\u003c"),
            base64.b64encode(secret.encode()).decode(),
            "correct-{part}",
        )
        assert [] == [form for form in forms if form in text]


def test_a_mark_in_one_environment_hides_the_value_in_all() -> None:
    result = report(
        lambda name: document(resource("aws_x.y", {"p": [name * 2]}, after_sensitive={"p": [True]} if name == "prod" else {"p": [False]}))
    )

    assert [{"dev": SENSITIVE, "staging": SENSITIVE, "prod": SENSITIVE}] == [dict(finding.values) for finding in result.findings]


def test_a_sensitive_difference_is_reported_without_its_values() -> None:
    secrets = {"dev": "aaaa-1111", "staging": "aaaa-1111", "prod": "bbbb-2222"}
    result = report(lambda name: document(resource("aws_x.y", {"p": secrets[name]}, after_sensitive={"p": True})))

    assert [("value-difference", "p", {"dev": SENSITIVE, "staging": SENSITIVE, "prod": SENSITIVE})] == [
        (finding.rule, finding.path, dict(finding.values)) for finding in result.findings
    ]


@given(st.text(min_size=4, max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_no_text_keeps_a_secret_that_it_holds(secret: str, before: str, after: str) -> None:
    redacted = Redactor([{"deep": [secret]}]).redact({"k": [before + secret + after, json.dumps(secret)]})

    assert secret.strip() in "(sensitive)" or not any(secret in text for text in redacted["k"])


def test_short_secrets_are_hidden_only_where_they_are_the_whole_value() -> None:
    assert ["(sensitive)", "xaby", 12] == Redactor(["ab", 12]).redact(["ab", "xaby", 12])


# Properties ---------------------------------------------------------------------------------------------------------

ATTRIBUTES = st.dictionaries(
    st.sampled_from("abcd"), st.integers(0, 3) | st.sampled_from(["dev", "x-prod", "1", None]) | st.lists(st.integers(0, 2)), min_size=1
)
RULES = st.builds(
    allow,
    st.sampled_from(["*", "aws_x.*", "aws_x.y", "aws_q.*"]),
    st.sampled_from(["*", "a", "b", "c"]),
    order=st.sampled_from([None, "ascending", "descending"]),
    min=st.none() | st.integers(0, 3),
    one_of=st.sampled_from([(), (1, "x-prod")]),
    environments=st.sampled_from([(), ("prod",)]),
    expires=st.sampled_from([None, date(2020, 1, 1)]),
)
ABOUT_RULES = {"stale-allowance", "broad-allowance", "expired-allowance"}


@settings(max_examples=60)
@given(ATTRIBUTES, ATTRIBUTES, ATTRIBUTES, RULES)
def test_an_allow_rule_never_adds_a_finding_about_a_value(dev: Any, staging: Any, prod: Any, rule: Any) -> None:
    build = by_environment(
        **{name: document(resource("aws_x.y", after)) for name, after in (("dev", dev), ("staging", staging), ("prod", prod))}
    )
    without = {(finding.address, finding.path) for finding in report(build).findings}
    with_rule = {(finding.address, finding.path) for finding in report(build, rule).findings if finding.rule not in ABOUT_RULES}

    assert set() == with_rule - without
