# Small, for developers' own orders.
env = "dev"

# API Gateway: throttle limits
throttle_burst_limit = 50
throttle_rate_limit  = 25

# Kinesis: shard counts
orders_shard_count    = 1
locations_shard_count = 1

# DynamoDB: capacity
rcu = 50
wcu = 50

# Lambda: memory and concurrency
connection_handler_memory      = 256
validator_memory               = 256
consumer_memory                = 512
matcher_memory                 = 512
restaurant_memory              = 256
driver_memory                  = 256
customer_memory                = 256
location_memory                = 512
earnings_memory                = 512
analytics_memory               = 512
image_memory                   = 512
reserved_concurrent_executions = -1

# Redis: cluster nodes
num_cache_clusters = 2

# Aurora: capacity
min_capacity = 0.5
max_capacity = 4

# SQS: retention
message_retention_seconds = 86400

# EventBridge: schedule frequency
earnings_schedule_expression = "cron(0 3 ? * SUN *)"

# CloudWatch: alarm thresholds
alarm_p99_threshold_ms = 3000
