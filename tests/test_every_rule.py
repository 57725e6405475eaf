"""Every rule finds what it is about, in a real run, and every format tells of it."""

from __future__ import annotations

import pytest

from paritycheck.reporters import Format
from paritycheck.rules import RULES
from tests.broken import Broken, drifted, unprivileged


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Broken, ...]:
    return drifted(tmp_path_factory.mktemp("drifted")), unprivileged(tmp_path_factory.mktemp("unprivileged"))


@pytest.mark.parametrize("slug", RULES)
def test_a_rule_finds_what_it_is_about(slug: str, broken: tuple[Broken, ...]) -> None:
    """A new rule needs a place in `tests/broken.py` that breaks it."""
    assert slug in set.union(*(each.rules for each in broken))


@pytest.mark.parametrize("name", [name for name in Format if name is not Format.GITHUB])
def test_a_format_tells_of_every_rule_that_found_something(name: Format, broken: tuple[Broken, ...]) -> None:
    """GitHub's annotations are the first ten alone."""
    assert [] == [slug for each in broken for slug in sorted(each.rules) if slug not in each.texts[name]]
