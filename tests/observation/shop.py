"""A small stack with two functions, one of which may do something."""

from typing import Any

from paritycheck.policy.iam import Principal, parse_policy
from tests.observation.stack import Function, Resource, Stack

ACCOUNT = "arn:aws:%s:us-east-1:123456789012:%s"
FUNCTION = ACCOUNT % ("lambda", "function:shop-clerk")
ROLE = Principal("AWS", "arn:aws:iam::123456789012:role/shop-clerk")
TABLE = Resource('aws_dynamodb_table.this["orders"]', "aws_dynamodb_table", "shop-orders", ACCOUNT % ("dynamodb", "table/shop-orders"))
SECRET = Resource(
    "aws_rds_cluster.this.master_user_secret",
    "aws_secretsmanager_secret",
    "secret",
    ACCOUNT % ("secretsmanager", "secret:s-AbCdEf"),
    {"owner": "shop"},
)
ONLY_TLS = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
NO_KEYS = {
    "Sid": "NoKeys",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": "*",
    "Condition": {"Null": {"s3:x-amz-server-side-encryption": "false"}},
}
BUCKET = Resource(
    'aws_s3_bucket.this["photos"]',
    "aws_s3_bucket",
    "shop-photos",
    "arn:aws:s3:::shop-photos",
    denials=parse_policy({"Statement": [ONLY_TLS, NO_KEYS]}),
)
SOCKETS = Resource("aws_apigatewayv2_api.sockets", "aws_apigatewayv2_api", "sockets", ACCOUNT % ("execute-api", "wsapi"))
REST = Resource("aws_api_gateway_rest_api.this", "aws_api_gateway_rest_api", "rest", ACCOUNT % ("execute-api", "restapi"))


def allow(sid: str, action: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, **more}


POLICY = [
    allow("ReadOrder", "dynamodb:GetItem", TABLE.arn),
    allow("FindOrders", "dynamodb:Query", f"{TABLE.arn}/index/by_day"),
    allow("StorePhoto", "s3:PutObject", f"{BUCKET.arn}/photos/*"),
    allow("ReadSecret", "secretsmanager:GetSecretValue", "*", Condition={"StringEquals": {"secretsmanager:ResourceTag/owner": "shop"}}),
    allow("Push", "execute-api:ManageConnections", f"{SOCKETS.arn}/v1/POST/@connections/*"),
    allow("Ask", "execute-api:Invoke", f"{REST.arn}/v1/POST/pos/*"),
    allow("Label", "rekognition:DetectLabels", "*"),
    allow("Scan", "dynamodb:Scan", "*"),
    allow("Own", "dynamodb:DeleteItem", "*", Condition={"NumericLessThan": {"aws:PrincipalAccount": "many"}}),
    {**allow("NoCode", "dynamodb:Scan", "*", Condition={"ArnEquals": {"lambda:SourceFunctionArn": FUNCTION}}), "Effect": "Deny"},
]
ENVIRONMENT = {"PHOTOS": "shop-photos", "POS_URL": "https://restapi.execute-api.us-east-1.amazonaws.com/v1/pos"}
STACK = Stack(
    {
        name: Function(name, FUNCTION, ENVIRONMENT, ROLE, parse_policy({"Statement": POLICY if name == "clerk" else []}))
        for name in ("clerk", "cook")
    },
    (TABLE, SECRET, BUCKET, SOCKETS, REST),
)
