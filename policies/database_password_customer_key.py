"""RDS makes a database's master password, and keeps it in a secret that is encrypted with a customer-managed key."""

from _demands import ResourceCheck, all_of, any_of, customer_key, is_set, is_true, where

check = ResourceCheck(
    id="CKV_TAP_8",
    name="A database's master password is a secret of RDS, encrypted with a customer-managed key",
    guideline=(
        "Set `manage_master_user_password` and `master_user_secret_kms_key_id`, and read the password from the secret in "
        "`master_user_secret`."
    ),
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        # A replica or a restored database has the password of its origin.
        "aws_db_instance": where(
            any_of(is_true("manage_master_user_password"), is_set("password"), is_set("password_wo_version")),
            all_of(is_true("manage_master_user_password"), customer_key("master_user_secret_kms_key_id")),
        ),
        "aws_rds_cluster": where(
            any_of(is_true("manage_master_user_password"), is_set("master_password"), is_set("master_password_wo_version")),
            all_of(is_true("manage_master_user_password"), customer_key("master_user_secret_kms_key_id")),
        ),
    },
)
