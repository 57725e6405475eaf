"""Only counts what comes."""


def handler(event, context):
    return len(event["Records"])
