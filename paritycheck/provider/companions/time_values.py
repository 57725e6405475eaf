"""The provider ``hashicorp/time``, as of 0.13."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from paritycheck.provider.companions.timestamps import add_date, format_timestamp, parse_duration, parse_timestamp, read_unix
from paritycheck.provider.declared import TEXT_MAP, Contents, DeclaredProvider, Type, computed, declare, either, is_known, optional
from paritycheck.provider.interface import Diagnostic, Function, Object, Refused, Value

_PARTS = ("year", "month", "day", "hour", "minute", "second")
_TRIGGERS: Contents = {"triggers": optional(TEXT_MAP, replace=True)}
_OFFSETS = tuple(f"offset_{unit}" for unit in ("years", "months", "days", "hours", "minutes", "seconds"))
_ROTATIONS = tuple(f"rotation_{unit}" for unit in ("years", "months", "days", "hours", "minutes"))
_ROTATION_ARGUMENTS = (*_ROTATIONS, "rotation_rfc3339")
_DURATION = r"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$"

# NOTE: the provider adds each unit to the base anew, so that of several units the last in this order decides.
_MOVES: Mapping[str, Callable[[datetime, int], datetime]] = {
    "days": lambda base, count: add_date(base, days=count),
    "hours": lambda base, count: base + timedelta(hours=count),
    "minutes": lambda base, count: base + timedelta(minutes=count),
    "months": lambda base, count: add_date(base, months=count),
    "seconds": lambda base, count: base + timedelta(seconds=count),
    "years": lambda base, count: add_date(base, years=count),
}


def _moment(*, keeps: bool) -> Contents:
    """Declare the parts of a moment, which an update leaves alone or makes unknown."""
    return {
        **{name: computed("number", keeps=keeps) for name in (*_PARTS, "unix")},
        "id": computed("string", keeps=keeps),
    }


def _move(base: datetime, planned: Object, prefix: str) -> datetime | None:
    """Return the base moved by the arguments that begin with a prefix; ``None`` where one of them is unknown."""
    moved = base
    for unit, move in _MOVES.items():
        count = planned.get(prefix + unit)
        if count is not None and not is_known(count):
            return None
        try:
            moved = move(base, int(count)) if count else moved
        except (ValueError, OverflowError) as error:
            raise Refused(Diagnostic("Invalid time", "The moved time is out of range.", (prefix + unit,))) from error
    return moved


def _parts(moment: datetime) -> Object:
    return {**{name: getattr(moment, name) for name in _PARTS}, "unix": int(moment.timestamp())}


def _plan_offset(prior: Object | None, planned: Object, config: Object) -> Object:
    """Plan an update, which moves the same base by another offset."""
    del config
    if prior is None or all(prior[name] == planned[name] for name in _OFFSETS):
        return planned
    base = planned["base_rfc3339"] if is_known(planned["base_rfc3339"]) else prior["base_rfc3339"]
    moved = _move(_parse(base), planned, "offset_")
    if moved is None:
        return planned
    return {**planned, **_parts(moved), "base_rfc3339": base, "id": base, "rfc3339": format_timestamp(moved)}


def _plan_rotation(prior: Object | None, planned: Object, config: Object) -> Object:
    """Plan an update, which counts from the same moment to another rotation."""
    rotation = config["rotation_rfc3339"]
    if prior is None or (rotation is None and all(prior[name] == planned[name] for name in _ROTATIONS)):
        return planned
    base = planned["rfc3339"] if is_known(planned["rfc3339"]) else prior["rfc3339"]
    if rotation is None:
        moved = _move(_parse(base), planned, "rotation_")
        rotation = moved and format_timestamp(moved)
    if not is_known(rotation):
        return planned
    return {**planned, **_parts(_parse(base)), "id": base, "rfc3339": base, "rotation_rfc3339": rotation}


def _parse(text: str) -> datetime:
    try:
        return parse_timestamp(text)
    except ValueError as error:
        raise Refused(Diagnostic("Invalid time", f"{error}.")) from error


def _find_past_rotation(prior: Object) -> Iterable[str]:
    rotation = prior["rotation_rfc3339"]
    if rotation and _parse(rotation) < datetime.now(UTC):
        yield "rotation_rfc3339"


def _describe(moment: datetime) -> Object:
    iso = moment.isocalendar()
    return {
        **{name: getattr(moment, name) for name in _PARTS},
        "year_day": moment.timetuple().tm_yday,
        "month_name": _MONTHS[moment.month - 1],
        "weekday": moment.isoweekday() % 7,
        "weekday_name": _WEEKDAYS[moment.weekday()],
        "iso_year": iso.year,
        "iso_week": iso.week,
    }


# NOTE: spelled out, as strftime would say them in the user's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DESCRIPTION = dict.fromkeys((*_PARTS, "year_day", "weekday", "iso_year", "iso_week"), "number") | {
    "month_name": "string",
    "weekday_name": "string",
}


def _parse_rfc3339(text: str) -> Object:
    moment = parse_timestamp(text)
    return {**_describe(moment), "unix": int(moment.timestamp())}


def _parse_unix(seconds: int) -> Object:
    moment = read_unix(seconds)
    return {**_describe(moment), "rfc3339": format_timestamp(moment)}


def _parse_duration(text: str) -> Mapping[str, Value]:
    nanoseconds = parse_duration(text)
    fractions = {"hours": 3600 * 10**9, "minutes": 60 * 10**9, "seconds": 10**9}
    wholes = {"milliseconds": 10**6, "microseconds": 10**3, "nanoseconds": 1}
    return {
        **{name: Decimal(repr(nanoseconds / size)) for name, size in fractions.items()},
        **{name: int(Decimal(nanoseconds) / size) for name, size in wholes.items()},
    }


_RESOURCES: Mapping[str, Type] = {
    "time_offset": Type(
        {
            **_TRIGGERS,
            **_moment(keeps=False),
            "base_rfc3339": either("string", keeps=False),
            "rfc3339": computed("string", keeps=False),
            **{name: optional("number", at_least_one_of=_OFFSETS) for name in _OFFSETS},
        },
        refine=_plan_offset,
    ),
    "time_rotating": Type(
        {
            **_TRIGGERS,
            **_moment(keeps=False),
            "rfc3339": either("string", is_="rfc3339", replace=True),
            "rotation_rfc3339": either("string", is_="rfc3339", keeps=False),
            **{name: optional("number", between=(1, None), at_least_one_of=_ROTATION_ARGUMENTS) for name in _ROTATIONS},
        },
        refine=_plan_rotation,
        expired=_find_past_rotation,
    ),
    "time_sleep": Type(
        {
            **_TRIGGERS,
            "id": computed("string"),
            **{
                name: optional("string", pattern=_DURATION, at_least_one_of=("create_duration", "destroy_duration"))
                for name in ("create_duration", "destroy_duration")
            },
        }
    ),
    "time_static": Type({**_TRIGGERS, **_moment(keeps=True), "rfc3339": either("string", is_="rfc3339", replace=True)}),
}

_FUNCTIONS: Mapping[str, Function] = {
    "duration_parse": Function(
        parameters=[("duration", "string")],
        result=["object", dict.fromkeys(("hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"), "number")],
        call=_parse_duration,
    ),
    "rfc3339_parse": Function([("timestamp", "string")], ["object", _DESCRIPTION | {"unix": "number"}], _parse_rfc3339),
    "unix_timestamp_parse": Function([("unix_timestamp", "number")], ["object", _DESCRIPTION | {"rfc3339": "string"}], _parse_unix),
}


def time_provider() -> DeclaredProvider:
    """Return the provider."""
    return declare("hashicorp/time", resources=_RESOURCES, functions=_FUNCTIONS)
