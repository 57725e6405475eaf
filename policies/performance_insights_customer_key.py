"""What Performance Insights keeps of a database's statements is encrypted with a customer-managed key."""

from _demands import ResourceCheck, customer_key, is_true, where

check = ResourceCheck(
    id="CKV_TAP_9",
    name="Performance Insights are encrypted with a customer-managed key",
    guideline="Set `performance_insights_kms_key_id`. It cannot be changed once Performance Insights are on.",
    severity="MEDIUM",
    category="ENCRYPTION",
    demands={
        "aws_db_instance": where(is_true("performance_insights_enabled"), customer_key("performance_insights_kms_key_id")),
        "aws_rds_cluster": where(is_true("performance_insights_enabled"), customer_key("performance_insights_kms_key_id")),
        "aws_rds_cluster_instance": where(is_true("performance_insights_enabled"), customer_key("performance_insights_kms_key_id")),
    },
)
