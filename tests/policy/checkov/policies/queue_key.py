from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from paritycheck_checks import is_unknown, references


class QueueKey(BaseResourceCheck):
    """A queue is encrypted with a customer-managed key."""

    def __init__(self):
        super().__init__(
            name="A queue is encrypted with a customer-managed key",
            id="CKV_TEST_1",
            categories=[CheckCategories.ENCRYPTION],
            supported_resources=["aws_sqs_queue"],
            guideline="Set kms_master_key_id.",
        )

    def scan_resource_conf(self, conf):
        self.evaluated_keys = ["kms_master_key_id"]
        key = conf.get("kms_master_key_id")
        if is_unknown(key):
            managed = any(name.startswith("aws_kms_key.") for name in references(key))
            return CheckResult.PASSED if managed else CheckResult.UNKNOWN
        return CheckResult.PASSED if key else CheckResult.FAILED


check = QueueKey()
