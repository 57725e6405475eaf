"""A database takes connections over TLS, and no others: its parameters say so."""

import re

from _demands import Demand, ResourceCheck, Verdict, verdict
from _planned import Planned
from paritycheck_checks import is_unknown

MYSQL = ("require_secure_transport", {"1", "on", "true"})
POSTGRES = ("rds.force_ssl", {"1", "on", "true"})
CLUSTERS = {r"aurora-mysql|mysql": MYSQL, r"aurora-postgresql|postgres": POSTGRES}
INSTANCES = {r"mysql|mariadb": MYSQL, r"postgres|sqlserver": POSTGRES}
"""By family: of Aurora's, an instance's own group has no such parameter."""


def _requires_tls(families: dict[str, tuple[str, set[str]]]) -> Demand:
    def judge(planned: Planned) -> Verdict:
        family = planned.value("family")
        if is_unknown(family):
            return Verdict.OPEN
        wanted = next((wanted for pattern, wanted in families.items() if re.match(rf"({pattern})", str(family))), None)
        return Verdict.ABSENT if wanted is None else _has_parameter(planned, *wanted)

    return Demand(judge, ("parameter.name", "parameter.value"))


def _has_parameter(planned: Planned, wanted: str, accepted: set[str]) -> Verdict:
    parameters = list(zip(planned.values("parameter.name"), planned.values("parameter.value"), strict=False))
    if any(is_unknown(name) for name, _ in parameters):
        return Verdict.OPEN
    found = [value for name, value in parameters if name == wanted]
    if any(is_unknown(value) for value in found):
        return Verdict.OPEN
    return verdict(holds=bool(found) and all(str(value).lower() in accepted for value in found))


check = ResourceCheck(
    id="CKV_TAP_21",
    name="A database takes connections over TLS alone",
    guideline=(
        "Set `require_secure_transport` to `ON` for MySQL and MariaDB, `rds.force_ssl` to `1` for PostgreSQL and SQL Server; of Aurora "
        "in the cluster's group."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_db_parameter_group": _requires_tls(INSTANCES),
        "aws_rds_cluster_parameter_group": _requires_tls(CLUSTERS),
    },
)
