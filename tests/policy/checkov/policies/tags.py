from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Owner(BaseResourceCheck):
    """Takes every value for known: what it says of an unknown one must not count."""

    def __init__(self):
        super().__init__(
            name="A queue says who owns it",
            id="CKV_TEST_2",
            categories=[CheckCategories.CONVENTION],
            supported_resources=["aws_sqs_queue"],
        )

    def scan_resource_conf(self, conf):
        tags = conf.get("tags")
        if not tags:
            return CheckResult.FAILED
        return CheckResult.PASSED if tags[0].get("Owner") == "orders" else CheckResult.FAILED


check = Owner()
