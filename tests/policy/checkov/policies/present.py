from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Present(BaseResourceCheck):
    """Asks only whether an attribute is there; changes what it is given; is not about queues without a name."""

    def __init__(self):
        super().__init__(
            name="A queue has a key", id="CKV_TEST_3", categories=[CheckCategories.ENCRYPTION], supported_resources=["aws_sqs_*"]
        )

    def scan_resource_conf(self, conf):
        if conf.get("name") == ["not-about-this"]:
            return CheckResult.UNKNOWN
        present = "kms_master_key_id" in conf
        dict.clear(conf)
        return CheckResult.PASSED if present else CheckResult.FAILED


check = Present()
