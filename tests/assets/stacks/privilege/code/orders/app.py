"""Keeps orders, in the style of boto3's resources."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sqs = boto3.client("sqs")


def main(event, context):
    if "id" in event:
        return table.get_item(Key={"id": event["id"]}).get("Item")
    table.put_item(Item=event)
    sqs.send_message(QueueUrl=os.environ["MAIL"], MessageBody="stored")
    return None
