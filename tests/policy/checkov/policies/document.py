from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.base_check import BaseDataCheck


class Document(BaseDataCheck):
    def __init__(self):
        super().__init__(
            name="A document has a statement", id="CKV_TEST_4", categories=[CheckCategories.IAM], supported_data=["aws_iam_policy_document"]
        )

    def scan_data_conf(self, conf):
        return CheckResult.PASSED if conf.get("statement") else CheckResult.FAILED


check = Document()
