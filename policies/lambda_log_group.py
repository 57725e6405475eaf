"""A function's log group is made in this configuration, with a key and for some time: Lambda would make one without, and for ever."""

from _demands import Demand, ResourceCheck, Verdict, any_of, names, verdict
from _planned import Planned
from paritycheck_checks import is_unknown


def _has_group_of_its_name(function: Planned) -> Verdict:
    """Whether a log group is called as Lambda calls the one of this function."""
    name = function.value("function_name")
    if is_unknown(name):
        return verdict(holds=any(group.means("name", function) for group in function.users("aws_cloudwatch_log_group")) or None)
    names = (group.value("name") for group in function.others("aws_cloudwatch_log_group"))
    return verdict(holds=any(not is_unknown(each) and each == f"/aws/lambda/{name}" for each in names))


check = ResourceCheck(
    id="CKV2_TAP_9",
    name="A function's log group is made in this configuration",
    guideline="Make the log group, and name it in `logging_config`, or call it `/aws/lambda/` and the function's name.",
    severity="MEDIUM",
    category="LOGGING",
    demands={
        "aws_lambda_function": any_of(
            names("logging_config.log_group", "aws_cloudwatch_log_group"),
            Demand(_has_group_of_its_name, ("function_name",)),
        ),
    },
)
