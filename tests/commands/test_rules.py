"""`paritycheck rules` explains what is checked."""

from __future__ import annotations

import pytest

from paritycheck.commands import ExitCode
from paritycheck.commands.rules import rules
from paritycheck.errors import UsageError
from paritycheck.rules import RULES


def test_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert ExitCode.HELD == rules(None)

    listed = capsys.readouterr().out

    assert [] == [slug for slug, rule in RULES.items() if f"{slug} ({rule.severity})\n    {rule.what}\n" not in listed]


@pytest.mark.parametrize("slug", RULES)
def test_explains_each(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ExitCode.HELD == rules(slug)

    said = capsys.readouterr().out

    assert [] == [text for text in (RULES[slug].what, RULES[slug].why, RULES[slug].fix, RULES[slug].after) if text not in said]


def test_guesses_what_was_meant() -> None:
    with pytest.raises(UsageError, match="there is no rule 'value-diff'") as refused:
        rules("value-diff")

    assert "Did you mean value-difference?" == refused.value.hint
