"""Does whatever the message says, which nobody can tell before."""

import boto3


def handler(event, context):
    for record in event["Records"]:
        client = boto3.client(record["service"])
        getattr(client, record["operation"])(**record["arguments"])
