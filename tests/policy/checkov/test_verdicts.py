"""What checks say of values that are known and of such as are not: real checkov, one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from paritycheck.findings import Severity
from paritycheck.plan import Plan
from paritycheck.policy.checkov import Results
from tests.plans import configured, document, plan, resource
from tests.policy.checkov.running import run_policies, verdicts

QUEUE, TOPIC, GROUP = "aws_sqs_queue", "aws_sns_topic", "aws_security_group"


def queue(name: str, after: dict[str, object] | None = None, **unknown: object) -> dict[str, object]:
    return resource(f"{QUEUE}.{name}", {"name": name, **(after or {})}, after_unknown={"id": True, "arn": True, **unknown})


def make_plans() -> list[Plan]:
    """Queues for checks in Python, groups and functions for graph checks."""
    marker = "known after apply (0123456789abcdef0123456789abcdef-0)"
    resources = [
        queue("keyed", kms_master_key_id=True),
        queue("foreign", kms_master_key_id=True),
        queue("named", {"kms_master_key_id": "alias/orders"}),
        queue("marked", {"kms_master_key_id": marker}),
        queue("bare", {"kms_master_key_id": None}),
        queue("owned", {"tags": {"Owner": "orders"}, "delay_seconds": 0}),
        queue("disowned", {"tags": {"Owner": "nobody"}, "delay_seconds": 5}),
        queue("undecided", {"tags": {"Team": "x"}, "delay_seconds": 5}, tags={"Owner": True, "Delay": True}),
        queue("whole", {}, tags=True, delay_seconds=True),
        queue("not-about-this", kms_master_key_id=True),
        resource(f"{GROUP}.open", {"ingress": [{"cidr": "10.0.0.0/8"}, {"cidr": "0.0.0.0/0"}]}),
        resource(f"{GROUP}.closed", {"ingress": [{"cidr": "10.0.0.0/8"}]}),
        resource(f"{GROUP}.unknown", {"ingress": [{"cidr": "10.0.0.0/8"}, {}]}, after_unknown={"ingress": [{}, {"cidr": True}]}),
        resource(f"{GROUP}.block", {}, after_unknown={"ingress": True}),
        resource('aws_iam_role.f["a"]', {"path": "/functions/"}, after_unknown={"name": True}),
        resource('aws_iam_role.f["b"]', {"path": "/other/", "name": "function-b"}),
        *(resource(f'aws_lambda_function.f["{key}"]', {}, after_unknown={"role": True}) for key in ("a", "b", "c")),
        resource("aws_kms_key.this", {"enable_key_rotation": True}),
        resource(f"module.inner.{TOPIC}.keyed", {}, after_unknown={"kms_master_key_id": True}),
        resource(f"module.inner.{TOPIC}.bare", {}),
        resource("data.aws_iam_policy_document.d", {"statement": [{"actions": ["*"]}]}, actions=["read"]),
        resource(f"{QUEUE}.gone", None, actions=["delete"], before={"name": "gone"}),
    ]
    module = {
        "source": "./inner",
        "expressions": {"key": {"references": ["aws_kms_key.this.arn", "aws_kms_key.this"]}},
        "module": {"resources": [configured(f"{TOPIC}.keyed", kms_master_key_id=("var.key",)), configured(f"{TOPIC}.bare")]},
    }
    blocks = [
        configured(f"{QUEUE}.keyed", kms_master_key_id=("aws_kms_key.this.arn", "aws_kms_key.this")),
        configured(f"{QUEUE}.foreign", kms_master_key_id=("terraform_data.key.output", "terraform_data.key")),
        configured("aws_lambda_function.f", role=("aws_iam_role.f", "each.key")),
        configured("aws_iam_role.f"),
        configured("aws_kms_key.this"),
    ]
    configuration = {"root_module": {"resources": blocks, "module_calls": {"inner": module}}}
    dev = plan(document(*resources, configuration=()) | {"configuration": configuration}, "dev")
    topics = [resource(f"{TOPIC}.connected", {}), resource("aws_kms_key.this", {"enable_key_rotation": True})]
    prod = plan(document(queue("keyed", {"kms_master_key_id": "k"}), *topics), "prod")
    return [dev, prod]


IMPORTING = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from _all import TYPES
from _result import RESULT

class Check(BaseResourceCheck):
    def __init__(self):
        super().__init__(name="N", id="{id}", categories=[CheckCategories.IAM], supported_resources=TYPES)

    def scan_resource_conf(self, conf):
        return CheckResult[RESULT]

check = Check()
"""


@pytest.fixture(scope="module")
def results() -> Results:
    return run_policies(make_plans(), known=("CKV_AWS_20", "CKV2_AWS_5", "CKV_TEST_1", "CKV_NONE_1"), builtin=("CKV_AWS_7", "CKV_AWS_27"))


def test_a_check_that_asks_decides_for_itself(results: Results) -> None:
    found = verdicts(results, "CKV_TEST_1")

    assert {
        f"{QUEUE}.keyed": "pass",
        f"{QUEUE}.foreign": "unknown",
        f"{QUEUE}.named": "pass",
        f"{QUEUE}.marked": "pass",
        f"{QUEUE}.bare": "fail",
        f"{QUEUE}.owned": "fail",
        f"{QUEUE}.disowned": "fail",
        f"{QUEUE}.undecided": "fail",
        f"{QUEUE}.whole": "fail",
        f"{QUEUE}.not-about-this": "unknown",
    } == found


def test_a_check_that_takes_an_unknown_value_for_known_gets_no_verdict(results: Results) -> None:
    found = verdicts(results, "CKV_TEST_2")
    expected = {"owned": "pass", "disowned": "fail", "undecided": "unknown", "whole": "unknown", "keyed": "fail"}

    assert {f"{QUEUE}.{name}": verdict for name, verdict in expected.items()}.items() <= found.items()


def test_to_ask_whether_an_unknown_attribute_is_there_is_to_ask_for_it(results: Results) -> None:
    found = verdicts(results, "CKV_TEST_3")

    assert ("unknown", "pass", "fail") == (found[f"{QUEUE}.keyed"], found[f"{QUEUE}.named"], found[f"{QUEUE}.bare"])


def test_a_check_may_say_that_it_is_not_about_a_resource(results: Results) -> None:
    assert f"{QUEUE}.not-about-this" not in verdicts(results, "CKV_TEST_3")


def test_what_one_check_does_to_its_argument_no_other_sees(results: Results) -> None:
    """CKV_TEST_3 empties it; CKV_TEST_1, of which the file comes later, still finds the key."""
    assert "pass" == verdicts(results, "CKV_TEST_1", "prod")[f"{QUEUE}.keyed"]


def test_a_data_source_is_judged(results: Results) -> None:
    assert {"data.aws_iam_policy_document.d": "pass"} == verdicts(results, "CKV_TEST_4")


def test_a_condition_on_an_unknown_attribute_is_unknown_unless_another_decides(results: Results) -> None:
    found = verdicts(results, "CKV2_TEST_2")
    names = ("owned", "disowned", "undecided", "whole")

    assert ["pass", "fail", "unknown", "unknown"] == [found[f"{QUEUE}.{name}"] for name in names]


def test_a_condition_on_any_item_of_a_list_meets_the_unknown_ones(results: Results) -> None:
    expected = {"open": "unknown", "closed": "pass", "unknown": "unknown", "block": "unknown"} | {"open": "fail"}

    assert {f"{GROUP}.{name}": verdict for name, verdict in expected.items()} == verdicts(results, "CKV2_TEST_3")


def test_instances_are_connected_to_the_instances_of_their_key(results: Results) -> None:
    found = verdicts(results, "CKV2_TEST_4")
    functions = {key: found.get(f'aws_lambda_function.f["{key}"]') for key in "abc"}

    assert {"a": "pass", "b": "fail", "c": "fail"} == functions


def test_without_a_configuration_nobody_knows_what_is_connected(results: Results) -> None:
    """As in a state, or in a plan that somebody cut down."""
    assert {f"{TOPIC}.connected": "unknown"} == verdicts(results, "CKV2_TEST_1", "prod")


def test_a_filter_that_looks_at_an_unknown_value_leaves_no_verdict(results: Results) -> None:
    found = verdicts(results, "CKV2_TEST_5")

    assert {f"{QUEUE}.disowned": "fail", f"{QUEUE}.undecided": "fail", f"{QUEUE}.whole": "unknown"} == found


def test_neighbors_in_the_graph_are_watched_as_well(results: Results) -> None:
    """The check looks into the text of a role's name, which is unknown, as if it were known."""
    found = verdicts(results, "CKV_TEST_5")

    assert ["unknown", "pass"] == [found[f'aws_lambda_function.f["{key}"]'] for key in "ab"]


def test_connections_reach_through_the_inputs_of_modules(results: Results) -> None:
    assert {f"module.inner.{TOPIC}.keyed": "pass", f"module.inner.{TOPIC}.bare": "fail"} == verdicts(results, "CKV2_TEST_1")


def test_checks_of_checkovs_own_run_where_they_are_named(results: Results) -> None:
    assert {"aws_kms_key.this": "pass"} == verdicts(results, "CKV_AWS_7")
    assert "unknown" == verdicts(results, "CKV_AWS_27")[f"{QUEUE}.keyed"]
    assert {} == verdicts(results, "CKV_AWS_20")


def test_checks_of_checkovs_own_understand_a_data_source_with_empty_blocks() -> None:
    """A plan has an empty list where a statement has no condition, of which they would make no verdict."""
    empty = {"condition": [], "principals": [], "not_actions": [], "sid": ""}
    expected = {"data.aws_iam_policy_document.wide": "fail", "data.aws_iam_policy_document.narrow": "pass"}
    written = [{"effect": "Allow", "actions": ["sqs:SendMessage"], "resources": [on]} for on in ("*", "arn:aws:sqs:eu-west-1:1:q")]
    statements = zip(expected, written, strict=True)
    planned = plan(document(*(resource(address, {"statement": [{**each, **empty}]}) for address, each in statements)), "dev")

    assert expected == verdicts(run_policies([planned], None, builtin=("CKV_AWS_111",)), "CKV_AWS_111")


def test_what_is_deleted_is_not_judged(results: Results) -> None:
    assert not any("gone" in result.address for result in results.environments["dev"])


def test_policies_say_what_they_are(results: Results) -> None:
    policy = results.policies["CKV2_TEST_1"]

    assert ("topic-key", Severity.WARNING, "A topic is encrypted with a key of this stack") == (policy.slug, policy.severity, policy.name)
    assert Severity.ERROR is results.policies["CKV_TEST_1"].severity
    assert "CKV_AWS_7" == results.policies["CKV_AWS_7"].slug


def test_the_attributes_that_decided_are_told(results: Results) -> None:
    told = {result.paths for result in results.environments["dev"] if result.policy.id == "CKV_TEST_1"}

    assert {("kms_master_key_id",)} == told


def test_what_a_filter_asks_for_did_not_decide(results: Results) -> None:
    told = {path for result in results.environments["dev"] if result.policy.id.startswith("CKV2_") for path in result.paths}

    assert "resource_type" not in told


def test_policies_in_subdirectories_import_what_lies_beside_them(tmp_path: Path) -> None:
    """Of two files of one name, each the one in its own directory; and what the whole directory shares."""
    shared = {"PASSED": tmp_path / "own", "FAILED": tmp_path / "other"}
    (tmp_path / "_all.py").write_text("TYPES = ['aws_sqs_queue']\n", encoding="utf-8")
    for number, (result, directory) in enumerate(shared.items()):
        directory.mkdir()
        (directory / "_result.py").write_text(f"RESULT = '{result}'\n", encoding="utf-8")
        (directory / "policy.py").write_text(IMPORTING.replace("{id}", f"CKV_SUB_{number}"), encoding="utf-8")
    results = run_policies([plan(document(resource("aws_sqs_queue.q", {})), "dev")], tmp_path)

    assert [{"aws_sqs_queue.q": verdict} for verdict in ("pass", "fail")] == [verdicts(results, f"CKV_SUB_{number}") for number in (0, 1)]


def test_ids_of_checkovs_own_are_told_from_others(results: Results) -> None:
    assert {"CKV_AWS_20", "CKV2_AWS_5"} == results.builtin


def test_the_version_is_reported(results: Results) -> None:
    assert results.checkov_version.count(".") == 2
