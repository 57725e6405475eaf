"""The provider ``hashicorp/random``, as of 3.7: what it makes is unknown until it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paritycheck.provider.declared import (
    TEXT_MAP,
    TEXTS,
    Contents,
    DeclaredProvider,
    Type,
    computed,
    declare,
    either,
    is_known,
    optional,
    required,
)
from paritycheck.provider.interface import UNKNOWN, Diagnostic, Object

_KEEPERS: Contents = {"keepers": optional(TEXT_MAP, replace=True)}
_ID: Contents = {"id": computed("string")}
_MINIMA = ("min_upper", "min_lower", "min_numeric", "min_special")


def _characters(*, sensitive: bool) -> Contents:
    """Declare what random strings and passwords share."""
    return {
        **_KEEPERS,
        **_ID,
        **{name: either("bool", default=True, replace=True) for name in ("special", "upper", "lower")},
        **{name: either("number", default=0, replace=True) for name in _MINIMA},
        "length": required("number", replace=True, between=(1, None)),
        "number": either("bool", deprecated=True, replace=True),
        "numeric": either("bool", replace=True),
        "override_special": optional("string", replace=True),
        "result": computed("string", sensitive=sensitive),
    }


def _check_length(config: Object) -> Iterable[Diagnostic]:
    length = config["length"]
    minima = [config[name] for name in _MINIMA if is_known(config[name])]
    if is_known(length) and length < sum(minima):
        yield Diagnostic("Invalid length", f"length must be at least the sum of the minima, {sum(minima)}; got {length}.", ("length",))


def _plan_numeric(prior: Object | None, planned: Object, config: Object) -> Object:
    """Plan ``number`` and ``numeric``, two names of the same: what one says, the other says too."""
    del prior
    given = [config[name] for name in ("number", "numeric") if config[name] is not None]
    value = next((value for value in given if value is not UNKNOWN), given[0] if given else True)
    return {**planned, "number": value, "numeric": value}


def _check_numeric(config: Object) -> Iterable[Diagnostic]:
    number, numeric = config["number"], config["numeric"]
    if is_known(number, numeric) and number != numeric:
        yield Diagnostic("Conflicting configuration arguments", "number is the old name of numeric: set one of them.", ("number",))


def _check_characters(config: Object) -> Iterable[Diagnostic]:
    yield from _check_length(config)
    yield from _check_numeric(config)


def _check_range(config: Object) -> Iterable[Diagnostic]:
    low, high = config["min"], config["max"]
    if is_known(low, high) and low > high:
        yield Diagnostic("Invalid range", f"min must not be greater than max; got {low} and {high}.", ("min",))


_RESOURCES: Mapping[str, Type] = {
    "random_bytes": Type(
        {
            **_KEEPERS,
            "length": required("number", replace=True, between=(1, None)),
            "base64": computed("string", sensitive=True),
            "hex": computed("string", sensitive=True),
        }
    ),
    "random_id": Type(
        {
            **_KEEPERS,
            **_ID,
            "byte_length": required("number", replace=True),
            "prefix": optional("string", replace=True),
            **{name: computed("string") for name in ("b64_std", "b64_url", "dec", "hex")},
        }
    ),
    "random_integer": Type(
        {
            **_KEEPERS,
            **_ID,
            "min": required("number", replace=True),
            "max": required("number", replace=True),
            "seed": optional("string", replace=True),
            "result": computed("number"),
        },
        check=_check_range,
    ),
    "random_password": Type(
        {**_characters(sensitive=True), "bcrypt_hash": computed("string", sensitive=True)},
        version=3,
        check=_check_characters,
        refine=_plan_numeric,
    ),
    "random_pet": Type(
        {
            **_KEEPERS,
            **_ID,
            "length": either("number", default=2, replace=True),
            "prefix": optional("string", replace=True),
            "separator": either("string", default="-", replace=True),
        }
    ),
    "random_shuffle": Type(
        {
            **_KEEPERS,
            **_ID,
            "input": required(TEXTS, replace=True),
            "result": computed(TEXTS),
            "result_count": optional("number", replace=True),
            "seed": optional("string", replace=True),
        }
    ),
    "random_string": Type(_characters(sensitive=False), version=2, check=_check_characters, refine=_plan_numeric),
    "random_uuid": Type({**_KEEPERS, **_ID, "result": computed("string")}),
}


def random_provider() -> DeclaredProvider:
    """Return the provider."""
    return declare("hashicorp/random", resources=_RESOURCES)
