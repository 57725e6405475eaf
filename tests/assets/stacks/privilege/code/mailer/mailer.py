"""Sends mail."""

import os

import boto3


def handler(event, _):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["text"])
