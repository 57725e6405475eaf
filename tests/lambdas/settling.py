"""Tables as the settlement and the analytics find them."""

from pathlib import Path
from typing import Any

import boto3

from tests.servers import AuroraServer

SQL = Path(__file__).parents[2] / "lambdas" / "schema_migrator" / "sql"
ORDERS_INDEX = "driver_id_delivery_date"
SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-any"


def create_tables(server: AuroraServer, database: str) -> None:
    """Run the schema's files, in their order."""
    with server.connect(database) as connection, connection.cursor() as cursor:
        for path in sorted(SQL.glob("*.sql")):
            for statement in filter(str.strip, path.read_text(encoding="utf-8").split(";\n")):
                cursor.execute(statement)


def create_orders() -> Any:
    """Create the orders table with its index, and return it."""
    return boto3.resource("dynamodb", "us-east-1").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("order_id", "driver_id", "delivery_date")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": ORDERS_INDEX,
                "KeySchema": [{"AttributeName": "driver_id", "KeyType": "HASH"}, {"AttributeName": "delivery_date", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def create_profiles(*driver_ids: str) -> Any:
    """Create the table driver_profiles with these drivers, and return it."""
    table = boto3.resource("dynamodb", "us-east-1").create_table(
        TableName="profiles",
        KeySchema=[{"AttributeName": "driver_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "driver_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for driver_id in driver_ids:
        table.put_item(Item={"driver_id": driver_id})
    return table
