import pytest

from paritycheck.provider.companions.random_values import random_provider
from paritycheck.provider.interface import UNKNOWN


@pytest.fixture
def asking(ask):
    return ask(random_provider())


def test_a_password_has_defaults_and_unknown_secrets(asking):
    planned = asking.create("random_password", length=16)

    known = {name: value for name, value in planned.items() if value is not UNKNOWN}
    flags = dict.fromkeys(("lower", "upper", "special", "number", "numeric"), True)
    minima = dict.fromkeys(("min_lower", "min_upper", "min_special", "min_numeric"), 0)
    assert {"length": 16, "keepers": None, "override_special": None, **flags, **minima} == known
    block = asking.provider.resource_schema("random_password").block
    assert ["bcrypt_hash", "result"] == sorted(name for name, attribute in block.attributes.items() if attribute.sensitive)


@pytest.mark.parametrize("given", [{"number": False}, {"numeric": False}, {"number": False, "numeric": UNKNOWN}])
def test_the_old_and_the_new_name_of_numeric_say_the_same(asking, given):
    planned = asking.create("random_string", length=8, **given)

    assert (False, False) == (planned["number"], planned["numeric"])


def test_an_unknown_numeric_is_unknown_by_both_names(asking):
    assert UNKNOWN is asking.create("random_string", length=8, numeric=UNKNOWN)["number"]


def test_a_pet_has_two_words_by_default(asking):
    assert {"id": UNKNOWN, "keepers": None, "length": 2, "prefix": None, "separator": "-"} == asking.create("random_pet")


@pytest.mark.parametrize(
    ("type_name", "config", "attribute"),
    [
        ("random_password", {"length": 0}, "length"),
        ("random_password", {"length": 3, "min_upper": 2, "min_lower": 2}, "length"),
        ("random_string", {"length": 8, "number": True, "numeric": False}, "number"),
        ("random_integer", {"min": 5, "max": 4}, "min"),
        ("random_bytes", {"length": 0}, "length"),
    ],
)
def test_what_cannot_be_made_is_refused(asking, type_name, config, attribute):
    assert [(attribute,)] == [complaint.path for complaint in asking.complaints(type_name, **config)]


def test_unknown_values_are_not_refused(asking):
    assert [] == asking.complaints("random_password", length=UNKNOWN, min_upper=9)
    assert [] == asking.complaints("random_integer", min=UNKNOWN, max=1)


def test_a_kept_value_is_replaced_when_a_keeper_changes(asking):
    prior = {"id": "x", "hex": "00", "b64_std": "AA==", "b64_url": "AA", "dec": "0", "byte_length": 1, "keepers": {"a": "1"}}

    assert [] == asking.update("random_id", prior, byte_length=1, keepers={"a": "1"}).replace
    assert [("keepers",)] == asking.update("random_id", prior, byte_length=1, keepers={"a": "2"}).replace
