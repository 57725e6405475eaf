# A tenth of production, for rehearsals and load tests.
env = "staging"

# API Gateway: throttle limits
throttle_burst_limit = 500
throttle_rate_limit  = 250

# Kinesis: shard counts
orders_shard_count    = 2
locations_shard_count = 2

# DynamoDB: capacity
rcu = 200
wcu = 200

# Lambda: memory and concurrency
connection_handler_memory      = 256
validator_memory               = 512
consumer_memory                = 1024
matcher_memory                 = 1024
restaurant_memory              = 256
driver_memory                  = 256
customer_memory                = 256
location_memory                = 512
earnings_memory                = 512
analytics_memory               = 512
image_memory                   = 512
reserved_concurrent_executions = 10

# Redis: cluster nodes
num_cache_clusters = 4

# Aurora: capacity
min_capacity = 1
max_capacity = 8

# SQS: retention
message_retention_seconds = 345600

# EventBridge: schedule frequency
earnings_schedule_expression = "cron(0 3 ? * MON-FRI *)"

# CloudWatch: alarm thresholds
alarm_p99_threshold_ms = 2000
