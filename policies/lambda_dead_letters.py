"""What a function fails to do when nobody waits for its answer goes somewhere, instead of being lost."""

from _demands import Demand, ResourceCheck, any_of, is_set, some
from _planned import Planned

_DESTINATION = is_set("destination_config.on_failure.destination")


def _destinations(function: Planned) -> list[Planned]:
    """Return the settings of the function's asynchronous invocations."""
    settings = function.users("aws_lambda_function_event_invoke_config")
    return [each for each in settings if each.means("function_name", function)]


check = ResourceCheck(
    id="CKV_TAP_48",
    name="A Lambda function has a dead-letter queue or a destination for failures",
    guideline="Set `dead_letter_config`, or `on_failure` in an `aws_lambda_function_event_invoke_config`, and let the role send there.",
    severity="MEDIUM",
    category="BACKUP_AND_RECOVERY",
    demands={
        "aws_lambda_function": any_of(
            is_set("dead_letter_config.target_arn"),
            Demand(lambda function: some(_DESTINATION.judge(each) for each in _destinations(function))),
        ),
    },
)
