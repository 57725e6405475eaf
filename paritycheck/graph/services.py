"""Which service a resource type belongs to, by the names that people use."""

from __future__ import annotations

from paritycheck.topology import Band, Service

_ENTRY = """
alb = Load Balancing
amplify = Amplify
api_gateway = API Gateway
apigatewayv2 = API Gateway
apprunner = App Runner
appsync = AppSync
cloudfront = CloudFront
elb = Load Balancing
globalaccelerator = Global Accelerator
lb = Load Balancing
"""

_FLOW = """
appautoscaling = Auto Scaling
athena = Athena
autoscaling = Auto Scaling
batch = Batch
cloudwatch_event = EventBridge
codebuild = CodeBuild
codecommit = CodeCommit
codedeploy = CodeDeploy
codepipeline = CodePipeline
dax = DynamoDB
db = RDS
dms = DMS
docdb = DocumentDB
dynamodb = DynamoDB
ebs = EC2
ecr = ECR
ecs = ECS
efs = EFS
eks = EKS
elastic_beanstalk = Elastic Beanstalk
elasticache = ElastiCache
elasticsearch = OpenSearch
emr = EMR
firehose = Data Firehose
fsx = FSx
glacier = S3
glue = Glue
instance = EC2
iot = IoT
key_pair = EC2
kinesis = Kinesis
kinesis_firehose = Data Firehose
kinesisanalyticsv2 = Managed Flink
lambda = Lambda
launch_configuration = EC2
launch_template = EC2
lightsail = Lightsail
memorydb = MemoryDB
mq = Amazon MQ
msk = MSK
mskconnect = MSK
neptune = Neptune
opensearch = OpenSearch
pipes = EventBridge
placement_group = EC2
qldb = QLDB
rds = RDS
redshift = Redshift
redshiftserverless = Redshift
s3 = S3
sagemaker = SageMaker
scheduler = EventBridge
ses = SES
sesv2 = SES
sfn = Step Functions
sns = SNS
spot_fleet = EC2
spot_instance = EC2
sqs = SQS
timestreamwrite = Timestream
transfer = Transfer Family
volume_attachment = EC2
"""

_SUPPORT = """
accessanalyzer = IAM
account = Account
acm = Certificate Manager
acmpca = Certificate Manager
ami = EC2
appconfig = AppConfig
availability_zone = Account
backup = Backup
billing = Account
budgets = Budgets
caller_identity = Account
canonical_user = Account
ce = Budgets
cloudformation = CloudFormation
cloudtrail = CloudTrail
cloudwatch = CloudWatch
cognito = Cognito
config = Config
customer_gateway = VPC
default = VPC
default_tags = Account
detective = Detective
dx = Direct Connect
egress_only_internet_gateway = VPC
eip = VPC
flow_log = VPC
grafana = Managed Grafana
guardduty = GuardDuty
iam = IAM
identitystore = IAM
inspector2 = Inspector
internet_gateway = VPC
kms = KMS
macie2 = Macie
main_route_table = VPC
nat_gateway = VPC
network = VPC
networkfirewall = Network Firewall
organizations = Organizations
oam = CloudWatch
partition = Account
prefix_list = VPC
prometheus = Managed Prometheus
ram = Resource Access Manager
region = Account
resourcegroups = Account
route = VPC
route53 = Route 53
route_table = VPC
secretsmanager = Secrets Manager
security_group = VPC
securityhub = Security Hub
service = Account
service_discovery = Cloud Map
shield = Shield
signer = Signer
ssm = Systems Manager
ssoadmin = IAM
subnet = VPC
synthetics = CloudWatch
vpc = VPC
vpn = VPC
wafv2 = WAF
xray = X-Ray
"""


def _read(table: str, band: Band) -> dict[str, Service]:
    rows = (line.split(" = ") for line in table.split("\n") if line)
    return {prefix: Service(name, band) for prefix, name in rows}


_AWS = _read(_ENTRY, Band.ENTRY) | _read(_FLOW, Band.FLOW) | _read(_SUPPORT, Band.SUPPORT)
"""Services by the start of their types' names, without `aws_`; the longest start counts."""

_PARTED = frozenset({"alicloud", "aws", "awscc", "azurerm", "google", "ibm", "oci", "tencentcloud", "yandex"})
"""Providers of many services, whose types' second word names one."""

_HELPERS = frozenset({"archive", "external", "http", "local", "null", "random", "terraform", "time", "tls"})
"""Providers that run nothing, but help a configuration."""


def service_of(type_name: str) -> Service:
    """Return the service of a resource type: for AWS its own name, else the provider's or the second word of the type's name."""
    provider, _, rest = type_name.partition("_")
    words = rest.split("_")
    if provider == "aws":
        starts = ("_".join(words[:length]) for length in range(len(words), 0, -1))
        found = next((_AWS[start] for start in starts if start in _AWS), None)
        if found:
            return found
    if provider in _HELPERS:
        return Service("Terraform helpers", Band.SUPPORT)
    word = words[0] if provider in _PARTED and words[0] else provider
    return Service(_titled(word), Band.FLOW)


def _titled(word: str) -> str:
    """Write a short word, which is an abbreviation most of the time, in capitals."""
    return word.upper() if len(word) <= 3 else word[:40].capitalize()
