"""Fills templates; which template, the event says."""

import os

import boto3

BUCKET = os.environ["BUCKET"]


class Files:
    def __init__(self):
        self.client = boto3.session.Session().client("s3")

    def read(self, bucket, name):
        return self.client.get_object(Bucket=bucket, Key=name)["Body"].read()

    def write(self, name, text):
        self.client.put_object(Bucket=BUCKET, Key=f"reports/{name}", Body=text)


def handler(event, context):
    files = Files()
    files.write(event["name"], files.read(event["bucket"], event["template"]))
