from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Neighbors(BaseResourceCheck):
    """Looks at what a function refers to."""

    def __init__(self):
        super().__init__(
            name="A function's role is a function's",
            id="CKV_TEST_5",
            categories=[CheckCategories.IAM],
            supported_resources=["aws_lambda_function"],
        )

    def scan_resource_conf(self, conf):
        nodes = {vertex["__address__"]: number for number, (_, vertex) in enumerate(self.graph.nodes())}
        for _, vertex in self.graph.successors(nodes[conf["__address__"]]):
            for key, value in vertex["config_"]["aws_iam_role"]["f"].items():
                if key == "name" and "function" in value[0]:
                    return CheckResult.PASSED
        return CheckResult.FAILED


check = Neighbors()
