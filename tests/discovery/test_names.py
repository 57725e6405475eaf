"""Names of environments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.discovery.names import alike, chosen_part, in_order, is_plain, mean_the_same, undecorated


def test_environments_are_ordered_from_the_smallest_to_the_largest() -> None:
    names = "prod staging dev uat pre-prod qa integration test sandbox dev10 dev2 alice prod-us prod-eu"
    expected = "alice sandbox dev dev2 dev10 test qa integration uat staging pre-prod prod prod-eu prod-us"

    assert expected.split() == in_order(names.split())


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["app-dev", "app-prod"], ["dev", "prod"]),
        (["terraform.dev", "terraform.prod"], ["dev", "prod"]),
        (["dev-vars", "prod-vars"], ["dev", "prod"]),
        (["dev-eu", "prod-eu", "prod-us"], ["dev-eu", "prod-eu", "prod-us"]),
        (["dev-eu", "prod-eu"], ["dev", "prod"]),
        (["prod-eu", "prod-us"], ["prod-eu", "prod-us"]),
        (["dev"], ["dev"]),
        (["settings-dev"], ["dev"]),
        (["dev", "[red]", "\x1b[31m", "prod"], ["dev", "prod"]),
        (["dev", "d" * 64], ["dev"]),
    ],
)
def test_what_all_names_have_around_them_is_decoration(labels: list[str], names: list[str]) -> None:
    assert names == list(undecorated(labels).values())


@given(st.lists(st.text(alphabet="ab-._ dev", max_size=12), unique=True))
def test_no_two_labels_get_the_same_name(labels: list[str]) -> None:
    names = list(undecorated(labels).values())

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("dev", 0),
        ("tfvars/dev", 1),
        ("environments/prod/terraform", 1),
        ("test/envs/prod", 2),
        ("config/dev/qa-data", 1),
        ("settings-prod", 0),
        ("envs/canary/main", 1),
        ("envs/common", None),
        ("common/app-dev", 1),
        ("network", None),
        ("config/network", None),
    ],
)
def test_the_part_of_a_path_that_names_an_environment(path: str, part: int | None) -> None:
    assert part == chosen_part(path.split("/"))


@pytest.mark.parametrize(
    ("labels", "environments"),
    [
        (["dev-tools", "prod-network"], []),
        (["dev", "dev-tools", "prod"], ["dev", "prod"]),
        (["app-dev", "app-prod"], ["app-dev", "app-prod"]),
        (["dev-eu", "prod-eu", "prod-us"], ["dev-eu", "prod-eu", "prod-us"]),
    ],
)
def test_directories_that_only_sound_like_environments_are_none(labels: list[str], environments: list[str]) -> None:
    assert environments == alike(labels)


def test_abbreviations_mean_the_same() -> None:
    assert [True, True, True, False, False] == [
        mean_the_same("prod", "production"),
        mean_the_same("STG", "staging"),
        mean_the_same("canary", "Canary"),
        mean_the_same("prod", "staging"),
        mean_the_same("prod-eu", "prod-us"),
    ]


def test_a_number_makes_no_other_environment_of_a_word() -> None:
    assert [True, True, False] == [is_plain("dev2"), is_plain("pre-prod"), is_plain("developer")]
