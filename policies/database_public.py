"""A database has no public address."""

from _demands import ResourceCheck, is_false

check = ResourceCheck(
    id="CKV_TAP_43",
    name="A database has no public address",
    guideline="Set `publicly_accessible` to false, and reach the database through the VPC.",
    severity="CRITICAL",
    category="NETWORKING",
    demands={
        "aws_db_instance": is_false("publicly_accessible"),
        "aws_neptune_cluster_instance": is_false("publicly_accessible"),
        "aws_rds_cluster_instance": is_false("publicly_accessible"),
        "aws_redshift_cluster": is_false("publicly_accessible", default=True),
        "aws_redshiftserverless_workgroup": is_false("publicly_accessible"),
    },
)
