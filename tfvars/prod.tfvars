# The customers' orders.
env = "prod"

# API Gateway: throttle limits
throttle_burst_limit = 2000
throttle_rate_limit  = 1000

# Kinesis: shard counts
orders_shard_count    = 4
locations_shard_count = 8

# DynamoDB: capacity
rcu = 1000
wcu = 1000

# Lambda: memory and concurrency
connection_handler_memory      = 512
validator_memory               = 1024
consumer_memory                = 2048
matcher_memory                 = 2048
restaurant_memory              = 512
driver_memory                  = 512
customer_memory                = 512
location_memory                = 1024
earnings_memory                = 1024
analytics_memory               = 1024
image_memory                   = 1024
reserved_concurrent_executions = 40

# Redis: cluster nodes
num_cache_clusters = 6

# Aurora: capacity
min_capacity = 2
max_capacity = 32

# SQS: retention
message_retention_seconds = 604800

# EventBridge: schedule frequency
earnings_schedule_expression = "cron(0 3 * * ? *)"

# CloudWatch: alarm thresholds
alarm_p99_threshold_ms = 1500
