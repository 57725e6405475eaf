"""Where a function's code lies, by the names that a configuration gives it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from paritycheck.config import FunctionSources, LeastPrivilege
from tests.plans import config, document, plan, resource
from tests.policy.privilege.small import READ, READER, WRITE_LOGS, base, policy, prove_all, role_policy


@pytest.mark.parametrize(
    ("address", "placeholder", "directory"),
    [
        ("aws_lambda_function.clerk", "{key}", "clerk"),
        ("aws_lambda_function.this[1]", "{key}", "1"),
        ('aws_lambda_function.this["clerk"]', "{key}", "clerk"),
        ('aws_lambda_function.this["../clerk"]', "{key}", ".._clerk"),
        ('module.function["clerk"].aws_lambda_function.this', "{key}", "clerk"),
        ('module.function["clerk"].aws_lambda_function.this[0]', "{key}", "clerk"),
        ('module.team["sales"].module.function["the \\"clerk\\""].aws_lambda_function.this', "{key}", 'the "clerk"'),
        ('module.team["sales"].aws_lambda_function.this["clerk"]', "{key}", "clerk"),
        ('module.function["clerk"].aws_lambda_function.this', "{name}", "this"),
        ('module.function["clerk"].aws_lambda_function.this', "{function_name}", "clerk"),
    ],
)
def test_placeholders_name_the_directory_of_a_function(address: str, placeholder: str, directory: str, tmp_path: Path) -> None:
    (tmp_path / directory).mkdir()
    (tmp_path / directory / "app.py").write_text(READER, encoding="utf-8")
    function, *others = base()
    attributes = function["change"]["after"]
    settings = LeastPrivilege((FunctionSources((address,), (f"{tmp_path}/{placeholder}",)),), None)
    planned = plan(document(resource(address, attributes), *others, role_policy(policy(READ, WRITE_LOGS))))

    assert () == prove_all([planned], replace(config(), least_privilege=settings))
