"""Policies that cannot be loaded or evaluated: there is no verdict, and the error says which file, and why. Never a pass."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from paritycheck.config import Policies
from paritycheck.errors import ConfigError, PlanError
from paritycheck.plan import Change, Resource
from paritycheck.policy.checkov import start_checks
from paritycheck.policy.checkov.outcome import read_answer
from tests.plans import document, plan, resource
from tests.policy.checkov.running import POLICIES, PYTHON, ROOT, run_policies, verdicts
from tests.waiting import alive, number_in, until

PLANS = [plan(document(resource("aws_sqs_queue.q", {"secret": "hunter2"}, after_unknown={"id": True})), "dev")]

CHECK = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
import os, sys, time

class Check(BaseResourceCheck):
    def __init__(self):
        super().__init__(name="N", id="{id}", categories=[CheckCategories.IAM], supported_resources=["aws_sqs_queue"])

    def scan_resource_conf(self, conf):
        {body}

check = Check()
"""
GRAPH = {"metadata": {"id": "CKV2_BAD_9", "name": "N", "category": "IAM"}}
CONDITION = {"cond_type": "attribute", "resource_types": ["aws_sqs_queue"], "attribute": "name", "operator": "equals", "value": "x"}


def check(body: str = "return CheckResult.PASSED", id_: str = "CKV_BAD_1") -> str:
    return CHECK.replace("{id}", id_).replace("{body}", body)


def graph(definition: object, **metadata: object) -> str:
    return json.dumps({"metadata": {**GRAPH["metadata"], **metadata}, "definition": definition})


UNLOADABLE = {
    "syntax.py": ("def f(:\n", r"it is not Python: .*", 1),
    "raises.py": ("import os\n\nraise ValueError('at import')\n", "ValueError: at import", 3),
    "init.py": (check().replace("super().__init__(", "super().__init__(colour=1, "), "TypeError: .*colour.*", 7),
    "leaves.py": ("import sys\nsys.exit(0)\n", "SystemExit: 0", 2),
    "imports.py": ("import nothing_of_this_name\n", "ModuleNotFoundError: .*", 1),
    "empty.py": ("x = 1\n", "it registers no check: .*", None),
    "base.py": (
        check()
        .replace("resource.base_resource_check import BaseResourceCheck", "provider.base_check import BaseProviderCheck")
        .replace("BaseResourceCheck", "BaseProviderCheck")
        .replace("supported_resources", "supported_provider")
        .replace("scan_resource", "scan_provider"),
        "it checks a provider: .*", None,
    ),
    "abstract.py": (check().replace("scan_resource_conf", "scan"), "TypeError: .*abstract.*", 12),
    "id.py": (check(id_="no id"), "its id must be .*", None),
    "builtin.py": (check(id_="CKV_AWS_7"), "its id CKV_AWS_7 is that of one of checkov's own checks", None),
    "first.py": (check(id_="CKV_BAD_7"), None, None),
    "second.py": (check(id_="CKV_BAD_7"), r"its id CKV_BAD_7 is that of first\.py too", None),
    "bytes.py": (b"\xff\xfe\x00", ".*", None),
    "yaml.yaml": ("metadata: {id: x\ndefinition: [", "it is not YAML: .*", 2),
    "list.yaml": ("- 1\n", "it holds no mapping with metadata and definition", None),
    "nothing.yml": ("", "it holds no mapping with metadata and definition", None),
    "name.yaml": (graph(CONDITION, name=None), "its metadata must give id, name, category, each a text", None),
    "definition.json": (json.dumps(GRAPH), "its definition must be a mapping of a condition", None),
    "json.json": ("{", "JSONDecodeError: .*", None),
    "key.yaml": (graph({**CONDITION, "attributes": "name"}), "a condition has no key 'attributes': .*", None),
    "type.yaml": (graph({"attribute": "x", "operator": "exists"}), "a condition's cond_type must be one of attribute, .*", None),
    "operator.yaml": (graph({**CONDITION, "operator": "equal"}), "a condition .* has no operator 'equal': did you mean 'equals'.", None),
    "both.yaml": (graph({"and": [CONDITION], "or": [CONDITION]}), "beside 'and' a condition takes nothing else", None),
    "parts.yaml": (graph({"and": []}), "'and' takes a list of conditions", None),
    "deep.yaml": ("a: " + "[" * 5000, ".*", None),
    "large.yaml": ("#" * (1024 * 1024 + 1), "it is larger than 1024 KiB", None),
    "clash.yaml": (graph(CONDITION, id="CKV2_AWS_5"), "its id CKV2_AWS_5 is that of one of checkov's own checks", None),
}  # fmt: skip


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> PlanError:
    directory = tmp_path_factory.mktemp("policies")
    for name, (text, _, _) in UNLOADABLE.items():
        (directory / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (directory / "dangling.py").symlink_to("nowhere")
    with pytest.raises(PlanError) as caught:
        run_policies(PLANS, directory)
    return caught.value


@pytest.mark.parametrize("name", [name for name, (_, problem, _) in UNLOADABLE.items() if problem])
def test_what_is_wrong_with_a_policy_file_is_told(refused: PlanError, name: str) -> None:
    told = "\n".join([refused.message, refused.details or ""])

    assert re.search(rf"{re.escape(name)}( cannot be loaded)?: {UNLOADABLE[name][1]}", told)


def test_a_file_that_cannot_be_read_is_told(refused: PlanError) -> None:
    assert "dangling.py: it cannot be read: No such file or directory" in str(refused.details)


def test_the_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "raises.py").write_text(str(UNLOADABLE["raises.py"][0]))
    with pytest.raises(PlanError) as caught:
        run_policies(PLANS, tmp_path)

    assert str(caught.value.location).endswith("raises.py:3")
    assert caught.value.message.endswith("raises.py cannot be loaded: ValueError: at import")


def test_a_check_of_checkovs_own_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"policies\.builtin: checkov has no check 'CKV_AWS_99999'"):
        run_policies(PLANS, None, builtin=("CKV_AWS_99999",))


FAILING = {
    "raises": ("raise ValueError(conf['secret'])", "ValueError"),
    "leaves": ("sys.exit(0)", "SystemExit"),
    "wrong": ("return conf", "TypeError"),
    "nothing": ("pass", "TypeError"),
}


def test_a_check_that_fails_on_a_resource_is_told_without_what_it_says(tmp_path: Path) -> None:
    """Its own words may quote a secret."""
    for number, (name, (body, _)) in enumerate(FAILING.items()):
        (tmp_path / f"{name}.py").write_text(check(f"print('noise ' * 100_000); {body}", f"CKV_BAD_{number}"))
    with pytest.raises(PlanError) as caught:
        run_policies(PLANS, tmp_path)
    told = "\n".join([caught.value.message, caught.value.details or ""])

    assert {problem for _, problem in FAILING.values()} == set(re.findall(r"ValueError|SystemExit|TypeError", told))
    assert "aws_sqs_queue.q" in caught.value.message
    assert str(caught.value.location).partition(":")[2] in {"10", ""}
    assert "hunter2" not in told


def test_a_check_that_ends_the_process_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "ends.py").write_text(check("os._exit(0)"))
    with pytest.raises(PlanError, match="ended without an answer"):
        run_policies(PLANS, tmp_path)


def test_a_check_that_never_ends_is_stopped_with_its_children(tmp_path: Path) -> None:
    number, loaded = tmp_path / "number", tmp_path / "loaded"
    forks = f"pid = os.fork()\n        if pid: open({str(number)!r}, 'w').write(str(pid))\n        while True: time.sleep(1)"
    (tmp_path / "endless.py").write_text(f"{check(forks)}\nopen({str(loaded)!r}, 'w').close()\n")
    with start_checks(PYTHON, Policies(tmp_path, timeout=5), ROOT / "parity.yaml") as checks:
        until(loaded.exists)
        checks.submit(PLANS)
        with pytest.raises(PlanError, match="did not end within 5 s and were stopped"):
            checks.results()

    until(lambda: not alive(number_in(number)))


def test_a_policy_that_never_loads_is_stopped_when_the_run_is(tmp_path: Path) -> None:
    number = tmp_path / "number"
    (tmp_path / "endless.py").write_text(
        f"import os, time\nopen({str(number)!r}, 'w').write(str(os.getpid()))\nwhile True: time.sleep(1)\n"
    )
    with start_checks(PYTHON, Policies(tmp_path), ROOT / "parity.yaml"):
        pid = number_in(number)

    assert not alive(pid)


def test_policies_see_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    (tmp_path / "environment.py").write_text(
        f"import os\nraise ValueError(sorted(set(os.environ) - {set(os.environ) - {'AWS_SECRET_ACCESS_KEY'}}))"
    )
    with pytest.raises(PlanError, match=r"ValueError: \[\]"):
        run_policies(PLANS, tmp_path)


def test_a_checkov_that_does_not_start_is_told(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho \"No module named 'checkov'\" >&2\nexit 1\n")
    python.chmod(0o755)
    with start_checks(python, Policies(tmp_path), ROOT / "parity.yaml") as checks:
        checks.submit(PLANS)
        with pytest.raises(PlanError) as caught:
            checks.results()

    assert ("No policy was checked: checkov failed with exit code 1", python) == (caught.value.message, caught.value.location)
    assert "No module named 'checkov'" == caught.value.details


def test_a_plan_without_resources_is_no_pass() -> None:
    """However many the others have."""
    with pytest.raises(PlanError, match="the plan of prod holds no resources"):
        run_policies([*PLANS, plan(document(), "prod")])
    with pytest.raises(PlanError, match="the plan of no environment holds no resources"):
        run_policies([])


def test_a_checkov_that_is_too_old_is_told(tmp_path: Path) -> None:
    """It is not even tried: what it lacks would be told in riddles."""
    (tmp_path / "checkov").mkdir()
    (tmp_path / "checkov" / "version.py").write_text("version = '3.1.70'\n")
    (tmp_path / "checkov" / "__init__.py").touch()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {PYTHON} -S "$2" "$3"\n')
    python.chmod(0o755)
    with start_checks(python, Policies(tmp_path), ROOT / "parity.yaml") as checks:
        checks.submit(PLANS)
        with pytest.raises(PlanError, match=r"checkov 3\.1\.70 is too old: it takes 3\.2\.319 or later"):
            checks.results()


@pytest.mark.parametrize("directory", [None, "empty"])
def test_no_policy_at_all_is_no_pass(tmp_path: Path, directory: str | None) -> None:
    with pytest.raises(PlanError, match="No policy was checked: there is none"):
        run_policies(PLANS, tmp_path if directory else None)


def test_a_directory_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"gone cannot be loaded: it cannot be read: No such file or directory"):
        run_policies(PLANS, tmp_path / "gone")


def test_values_that_no_provider_writes_are_no_pass() -> None:
    """Nested too deeply for any reader, a number without an end; and nothing of them is told."""
    for text in ('{"secret":' * 3000 + "1" + "}" * 3000, '{"secret":' + "9" * 5000 + "}"):
        after = msgspec.Raw(text.encode())
        hostile = replace(PLANS[0], resources={"aws_x.a": Resource("aws_x.a", Change(("create",), after=after), type="aws_x", name="a")})
        with pytest.raises(PlanError, match=r"The policies' process failed with (RecursionError|ValueError)"):
            run_policies([hostile], POLICIES)


def test_a_resource_of_which_nothing_is_known_is_no_pass() -> None:
    unknown = plan(document(resource("aws_sqs_queue.q", None, after_unknown=True)), "dev")
    with pytest.raises(PlanError, match=r"No policy can judge aws_sqs_queue\.q in dev's plan: nothing of it is known"):
        run_policies([unknown], POLICIES)


def test_a_plan_that_contradicts_itself_is_no_pass() -> None:
    good, bad = resource("aws_sqs_queue.q", {"name": "q"}), resource("aws_sqs_queue.r", {"name": "q"}, after_unknown={"name": {"x": True}})
    with pytest.raises(PlanError, match=r"No policy can judge aws_sqs_queue\.r in dev's plan: what it says of its values contradicts"):
        run_policies([plan(document(good, bad), "dev")], POLICIES)


def test_policy_documents_that_nobody_can_read_are_violations_at_their_resources() -> None:
    """Nested too deeply, a number without an end: the verdicts on everything else stand."""
    nested = ['{"Statement":' * levels + "1" + "}" * levels for levels in (250, 900, 5000)]
    texts = [*nested, '{"Statement":' + "9" * 5000 + "}"]
    resources = {f"{kind}.p{number}": text for number, text in enumerate(texts) for kind in ("aws_iam_role_policy", "aws_sqs_queue_policy")}
    planned = plan(document(*(resource(address, {"policy": text}) for address, text in resources.items())), "dev")

    assert dict.fromkeys(resources, "fail") == verdicts(run_policies([planned], ROOT / "policies"), "CKV_TAP_25")


@pytest.mark.parametrize("answer", [b"", b"{}", b"[" * 100_000, b"\xff", b'{"version": 1}'])
def test_an_answer_that_is_none_is_no_pass(answer: bytes) -> None:
    with pytest.raises(PlanError, match="ended without an answer"):
        read_answer(answer, {"dev": 1}, ROOT / "parity.yaml")


@pytest.mark.parametrize("environments", [[], [{"read": 1, "results": [], "failures": []}]])
def test_a_plan_that_was_not_read_whole_is_no_pass(environments: list[object]) -> None:
    policy = {"id": "CKV_X_1", "name": "N", "file": None, "severity": None, "guideline": None}
    answer = {"version": "3", "policies": [policy], "refused": [], "environments": environments, "builtin": []}
    with pytest.raises(PlanError, match=r"checkov read . of 2 resources of dev's plan"):
        read_answer(json.dumps(answer).encode(), {"dev": 2}, ROOT / "parity.yaml")
