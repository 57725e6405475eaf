terraform {
  required_version = ">= 1.5"

  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = "~> 2.4"
    }
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

################################################################################
# Variables: Environment
################################################################################

variable "env" {
  description = "Name of the environment; part of every name, and the key of the capacity map."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.env)
    error_message = "The env must be dev, staging or prod."
  }
}

variable "aws_region" {
  description = "Region of every resource."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "The aws_region must be a region's name, such as us-east-1."
  }
}

variable "project_name" {
  description = "First part of every name."
  type        = string
  default     = "tap"

  # Twenty characters leave room for the environment and the role within the tightest limits: 40 for Redis, 63 for buckets.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.project_name)) && length(var.project_name) <= 20
    error_message = "The project_name must have at most 20 lower-case letters, digits and single hyphens, and start with a letter."
  }
}

variable "owner" {
  description = "Team that answers for the stack; a tag of every resource."
  type        = string
  default     = "order-platform"

  validation {
    condition     = can(regex("^[A-Za-z0-9 _.:/=+@-]{1,256}$", var.owner))
    error_message = "The owner must have 1 to 256 of the characters that AWS takes in a tag."
  }
}

variable "cost_center" {
  description = "Where the costs are booked; a tag of every resource."
  type        = string
  default     = "food-delivery"

  validation {
    condition     = can(regex("^[A-Za-z0-9 _.:/=+@-]{1,256}$", var.cost_center))
    error_message = "The cost_center must have 1 to 256 of the characters that AWS takes in a tag."
  }
}

variable "common_tags" {
  description = "Further tags of every resource; the stack's own tags win."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.common_tags) <= 40 && alltrue([for key in keys(var.common_tags) : !startswith(lower(key), "aws:")])
    error_message = "The common_tags must be at most 40, and no key may start with aws: (AWS keeps that prefix to itself)."
  }
}

################################################################################
# Variables: Network
################################################################################

variable "vpc_cidr" {
  description = "Address range of the VPC; every environment has a VPC of its own, so the ranges may be the same."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && can(regex("/(1[6-9]|2[0-4])$", var.vpc_cidr))
    error_message = "The vpc_cidr must be an IPv4 range between /16 and /24, such as 10.20.0.0/16."
  }
}

variable "public_subnet_cidrs" {
  description = "Address ranges of the public subnets (NAT gateways only), one for each availability zone."
  type        = list(string)
  default     = ["10.20.0.0/24", "10.20.1.0/24"]

  validation {
    condition     = length(var.public_subnet_cidrs) >= 2 && alltrue([for cidr in var.public_subnet_cidrs : can(cidrhost(cidr, 0))])
    error_message = "The public_subnet_cidrs must be two or more IPv4 ranges."
  }
}

variable "private_subnet_cidrs" {
  description = "Address ranges of the private subnets (functions, endpoints, Redis, Aurora), one for each availability zone."
  type        = list(string)
  default     = ["10.20.32.0/20", "10.20.48.0/20"]

  validation {
    condition     = length(var.private_subnet_cidrs) >= 2 && alltrue([for cidr in var.private_subnet_cidrs : can(cidrhost(cidr, 0))])
    error_message = "The private_subnet_cidrs must be two or more IPv4 ranges."
  }
}

variable "availability_zones" {
  description = "Availability zones of the subnets, all of them in aws_region."
  type        = list(string)
  default     = ["us-east-1a", "us-east-1b"]

  validation {
    condition     = length(var.availability_zones) >= 2 && length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "The availability_zones must be two or more, none of them twice: Aurora and Redis fail over from one to another."
  }
}

variable "enable_dns_hostnames" {
  description = "Whether hosts in the VPC get DNS names; the private DNS of the interface endpoints needs it."
  type        = bool
  default     = true

  validation {
    condition     = var.enable_dns_hostnames
    error_message = "The enable_dns_hostnames must be true: without it the functions do not find the VPC endpoints."
  }
}

################################################################################
# Variables: API Gateway
################################################################################

variable "websocket_api_name" {
  description = "Name of the order tracking API, behind the project's and the environment's."
  type        = string
  default     = "order-tracking"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,39}$", var.websocket_api_name))
    error_message = "The websocket_api_name must have 2 to 40 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "rest_api_name" {
  description = "Name of the order placement API, behind the project's and the environment's."
  type        = string
  default     = "order-placement"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,39}$", var.rest_api_name))
    error_message = "The rest_api_name must have 2 to 40 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "stage_name" {
  description = "Stage of both APIs; a version, not an environment: clients of every environment use the same paths."
  type        = string
  default     = "v1"

  validation {
    condition     = can(regex("^[A-Za-z0-9_]{1,128}$", var.stage_name))
    error_message = "The stage_name must have 1 to 128 letters, digits and underscores."
  }
}

variable "throttle_burst_limit" {
  description = "Requests that both APIs take at once, above throttle_rate_limit."
  type        = number
  default     = 100

  # Zero would answer every single message with 429.
  validation {
    condition     = var.throttle_burst_limit >= 1 && var.throttle_burst_limit <= 5000 && floor(var.throttle_burst_limit) == var.throttle_burst_limit
    error_message = "The throttle_burst_limit must be a whole number from 1 to 5000."
  }
}

variable "throttle_rate_limit" {
  description = "Requests per second that both APIs take."
  type        = number
  default     = 50

  validation {
    condition     = var.throttle_rate_limit >= 1 && var.throttle_rate_limit <= 10000
    error_message = "The throttle_rate_limit must be from 1 to 10000 requests per second."
  }
}

################################################################################
# Variables: Kinesis
################################################################################

variable "orders_stream_name" {
  description = "Name of the stream of placed orders, behind the project's and the environment's."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{1,80}$", var.orders_stream_name))
    error_message = "The orders_stream_name must have 1 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "locations_stream_name" {
  description = "Name of the stream of drivers' GPS updates, behind the project's and the environment's."
  type        = string
  default     = "locations"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{1,80}$", var.locations_stream_name))
    error_message = "The locations_stream_name must have 1 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "stream_mode" {
  description = "PROVISIONED takes the shard counts below; ON_DEMAND lets AWS choose, and ignores them."
  type        = string
  default     = "PROVISIONED"

  validation {
    condition     = contains(["PROVISIONED", "ON_DEMAND"], var.stream_mode)
    error_message = "The stream_mode must be PROVISIONED or ON_DEMAND."
  }
}

variable "orders_shard_count" {
  description = "Shards of the orders stream; each takes 1,000 orders or 1 MB a second."
  type        = number
  default     = 1

  validation {
    condition     = var.orders_shard_count >= 1 && var.orders_shard_count <= 500 && floor(var.orders_shard_count) == var.orders_shard_count
    error_message = "The orders_shard_count must be a whole number from 1 to 500."
  }
}

variable "locations_shard_count" {
  description = "Shards of the locations stream; each takes 1,000 updates or 1 MB a second."
  type        = number
  default     = 1

  validation {
    condition     = var.locations_shard_count >= 1 && var.locations_shard_count <= 500 && floor(var.locations_shard_count) == var.locations_shard_count
    error_message = "The locations_shard_count must be a whole number from 1 to 500."
  }
}

variable "retention_hours" {
  description = "Hours for which both streams keep their records, and so the longest outage of a consumer that loses none."
  type        = number
  default     = 48

  validation {
    condition     = var.retention_hours >= 24 && var.retention_hours <= 8760 && floor(var.retention_hours) == var.retention_hours
    error_message = "The retention_hours must be a whole number from 24 to 8760."
  }
}

################################################################################
# Variables: DynamoDB
################################################################################

variable "connections_table" {
  description = "Name of the table of open WebSocket connections, behind the project's and the environment's."
  type        = string
  default     = "connections"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,80}$", var.connections_table))
    error_message = "The connections_table must have 3 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "orders_table" {
  description = "Name of the table of orders, behind the project's and the environment's."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,80}$", var.orders_table))
    error_message = "The orders_table must have 3 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "drivers_locations_table" {
  description = "Name of the table of drivers' last positions, behind the project's and the environment's."
  type        = string
  default     = "driver-locations"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,80}$", var.drivers_locations_table))
    error_message = "The drivers_locations_table must have 3 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "driver_orders_table" {
  description = "Name of the table of drivers' assignments and workload, behind the project's and the environment's."
  type        = string
  default     = "driver-orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,80}$", var.driver_orders_table))
    error_message = "The driver_orders_table must have 3 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "driver_profiles_table" {
  description = "Name of the table of drivers and their balances, behind the project's and the environment's."
  type        = string
  default     = "driver-profiles"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,80}$", var.driver_profiles_table))
    error_message = "The driver_profiles_table must have 3 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "billing_mode" {
  description = "How the tables are paid for; it decides what rcu and wcu mean."
  type        = string
  default     = "PAY_PER_REQUEST"

  validation {
    condition     = contains(["PAY_PER_REQUEST", "PROVISIONED"], var.billing_mode)
    error_message = "The billing_mode must be PAY_PER_REQUEST or PROVISIONED."
  }
}

variable "rcu" {
  description = "Read units per second of a table of ordinary load: its ceiling with PAY_PER_REQUEST, its capacity with PROVISIONED."
  type        = number
  default     = 50

  validation {
    condition     = var.rcu >= 1 && var.rcu <= 10000 && floor(var.rcu) == var.rcu
    error_message = "The rcu must be a whole number from 1 to 10000."
  }
}

variable "wcu" {
  description = "Write units per second of a table of ordinary load: its ceiling with PAY_PER_REQUEST, its capacity with PROVISIONED."
  type        = number
  default     = 50

  validation {
    condition     = var.wcu >= 1 && var.wcu <= 10000 && floor(var.wcu) == var.wcu
    error_message = "The wcu must be a whole number from 1 to 10000."
  }
}

variable "ttl_enabled" {
  description = "Whether DynamoDB removes connections and driver locations after their time; without it, only $disconnect does."
  type        = bool
  default     = true
}

variable "ttl_attribute_name" {
  description = "Attribute that holds an item's end of life, in seconds since 1970."
  type        = string
  default     = "expires_at"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,254}$", var.ttl_attribute_name))
    error_message = "The ttl_attribute_name must have 1 to 255 lower-case letters, digits and underscores, and start with a letter."
  }
}

################################################################################
# Variables: Lambda
################################################################################

variable "connection_handler_memory" {
  description = "Memory in MB of the functions behind the WebSocket routes."
  type        = number
  default     = 256

  validation {
    condition     = var.connection_handler_memory >= 128 && var.connection_handler_memory <= 10240 && floor(var.connection_handler_memory) == var.connection_handler_memory
    error_message = "The connection_handler_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "validator_memory" {
  description = "Memory in MB of the function that validates placed orders."
  type        = number
  default     = 256

  validation {
    condition     = var.validator_memory >= 128 && var.validator_memory <= 10240 && floor(var.validator_memory) == var.validator_memory
    error_message = "The validator_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "consumer_memory" {
  description = "Memory in MB of the function that processes the orders stream."
  type        = number
  default     = 512

  validation {
    condition     = var.consumer_memory >= 128 && var.consumer_memory <= 10240 && floor(var.consumer_memory) == var.consumer_memory
    error_message = "The consumer_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "matcher_memory" {
  description = "Memory in MB of the function that assigns drivers."
  type        = number
  default     = 512

  validation {
    condition     = var.matcher_memory >= 128 && var.matcher_memory <= 10240 && floor(var.matcher_memory) == var.matcher_memory
    error_message = "The matcher_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "restaurant_memory" {
  description = "Memory in MB of the function that sends orders to restaurants."
  type        = number
  default     = 256

  validation {
    condition     = var.restaurant_memory >= 128 && var.restaurant_memory <= 10240 && floor(var.restaurant_memory) == var.restaurant_memory
    error_message = "The restaurant_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "driver_memory" {
  description = "Memory in MB of the function that sends assignments to drivers."
  type        = number
  default     = 256

  validation {
    condition     = var.driver_memory >= 128 && var.driver_memory <= 10240 && floor(var.driver_memory) == var.driver_memory
    error_message = "The driver_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "customer_memory" {
  description = "Memory in MB of the function that notifies customers."
  type        = number
  default     = 256

  validation {
    condition     = var.customer_memory >= 128 && var.customer_memory <= 10240 && floor(var.customer_memory) == var.customer_memory
    error_message = "The customer_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "location_memory" {
  description = "Memory in MB of the function that processes the locations stream."
  type        = number
  default     = 512

  validation {
    condition     = var.location_memory >= 128 && var.location_memory <= 10240 && floor(var.location_memory) == var.location_memory
    error_message = "The location_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "earnings_memory" {
  description = "Memory in MB of the functions that settle drivers' earnings."
  type        = number
  default     = 512

  validation {
    condition     = var.earnings_memory >= 128 && var.earnings_memory <= 10240 && floor(var.earnings_memory) == var.earnings_memory
    error_message = "The earnings_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "analytics_memory" {
  description = "Memory in MB of the function that aggregates delivered orders."
  type        = number
  default     = 512

  validation {
    condition     = var.analytics_memory >= 128 && var.analytics_memory <= 10240 && floor(var.analytics_memory) == var.analytics_memory
    error_message = "The analytics_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "image_memory" {
  description = "Memory in MB of the function that checks delivery photos."
  type        = number
  default     = 512

  validation {
    condition     = var.image_memory >= 128 && var.image_memory <= 10240 && floor(var.image_memory) == var.image_memory
    error_message = "The image_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "timeout_s" {
  description = "Seconds after which a function is stopped; functions behind an API stop earlier, before API Gateway gives up."
  type        = number
  default     = 30

  validation {
    condition     = var.timeout_s >= 1 && var.timeout_s <= 900 && floor(var.timeout_s) == var.timeout_s
    error_message = "The timeout_s must be a whole number of seconds from 1 to 900."
  }
}

variable "runtime" {
  description = "Runtime of every function."
  type        = string
  default     = "python3.12"

  validation {
    condition     = var.runtime == "python3.12"
    error_message = "The runtime must be python3.12: the functions' libraries are built for it."
  }
}

variable "reserved_concurrent_executions" {
  description = "Executions at once that are kept for, and allowed to, each function; -1 shares the account's."
  type        = number
  default     = -1

  # Zero would switch the functions off, and an account must keep 100 executions unreserved.
  validation {
    condition     = var.reserved_concurrent_executions == -1 || var.reserved_concurrent_executions >= 1 && floor(var.reserved_concurrent_executions) == var.reserved_concurrent_executions
    error_message = "The reserved_concurrent_executions must be -1, or a whole number from 1."
  }
}

################################################################################
# Variables: Redis
################################################################################

variable "node_type" {
  description = "Size of every Redis node."
  type        = string
  default     = "cache.t4g.small"

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node_type))
    error_message = "The node_type must be an ElastiCache node type, such as cache.t4g.small."
  }
}

variable "num_cache_clusters" {
  description = "Redis nodes in all: every shard is a primary and one replica."
  type        = number
  default     = 2

  validation {
    condition     = var.num_cache_clusters >= 2 && var.num_cache_clusters <= 90 && var.num_cache_clusters % 2 == 0
    error_message = "The num_cache_clusters must be an even number from 2 to 90: each shard has a primary and a replica."
  }
}

variable "engine_version" {
  description = "Version of Redis, as major.minor."
  type        = string
  default     = "7.1"

  validation {
    condition     = contains(["7.0", "7.1"], var.engine_version)
    error_message = "The engine_version must be 7.0 or 7.1: ElastiCache takes no patch version, and the parameter group is of the family redis7."
  }
}

variable "automatic_failover_enabled" {
  description = "Whether a replica takes over from a failed primary; cluster mode needs it."
  type        = bool
  default     = true

  validation {
    condition     = var.automatic_failover_enabled
    error_message = "The automatic_failover_enabled must be true: Redis in cluster mode needs it."
  }
}

variable "multi_az_enabled" {
  description = "Whether a shard's primary and replica are in different availability zones."
  type        = bool
  default     = true

  validation {
    condition     = var.multi_az_enabled
    error_message = "The multi_az_enabled must be true: the loss of one zone must not lose a shard, in any environment."
  }
}

################################################################################
# Variables: Aurora
################################################################################

variable "cluster_identifier" {
  description = "Identifier of the Aurora cluster, behind the project's and the environment's name."
  type        = string
  default     = "delivery"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.cluster_identifier)) && length(var.cluster_identifier) <= 30
    error_message = "The cluster_identifier must have at most 30 lower-case letters, digits and single hyphens, and start with a letter."
  }
}

variable "database_name" {
  description = "Database with the tables restaurant_profiles, pricing_rules, driver_earnings and analytics_orders."
  type        = string
  default     = "delivery"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,62}$", var.database_name))
    error_message = "The database_name must have 1 to 63 lower-case letters and digits, and start with a letter."
  }
}

variable "master_username" {
  description = "Aurora's master user; its password is made at random and kept in Secrets Manager."
  type        = string
  default     = "tapmaster"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,15}$", var.master_username)) && !contains(["admin", "mysql", "rdsadmin", "root"], var.master_username)
    error_message = "The master_username must have 1 to 16 lower-case letters and digits, start with a letter, and be none of admin, mysql, rdsadmin and root."
  }
}

variable "instance_class" {
  description = "Class of Aurora's instances; min_capacity and max_capacity exist for the serverless class only."
  type        = string
  default     = "db.serverless"

  validation {
    condition     = var.instance_class == "db.serverless"
    error_message = "The instance_class must be db.serverless: any other would ignore min_capacity and max_capacity."
  }
}

variable "min_capacity" {
  description = "Least capacity of each Aurora instance, in ACU of 2 GiB."
  type        = number
  default     = 0.5

  # Zero would pause the cluster, and the first order after a pause would wait 15 seconds for it.
  validation {
    condition     = var.min_capacity >= 0.5 && var.min_capacity <= 256 && floor(var.min_capacity * 2) == var.min_capacity * 2
    error_message = "The min_capacity must be from 0.5 to 256, in steps of 0.5."
  }
}

variable "max_capacity" {
  description = "Most capacity of each Aurora instance, in ACU of 2 GiB."
  type        = number
  default     = 2

  validation {
    condition     = var.max_capacity >= 1 && var.max_capacity <= 256 && floor(var.max_capacity * 2) == var.max_capacity * 2
    error_message = "The max_capacity must be from 1 to 256, in steps of 0.5."
  }
}

variable "backup_retention_days" {
  description = "Days for which Aurora's backups are kept."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "The backup_retention_days must be a whole number from 1 to 35."
  }
}

variable "preferred_backup_window" {
  description = "Daily time of Aurora's backups, in UTC; it must not meet the nightly settlement."
  type        = string
  default     = "05:00-06:00"

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.preferred_backup_window))
    error_message = "The preferred_backup_window must be written as hh:mm-hh:mm, such as 05:00-06:00."
  }
}

################################################################################
# Variables: SNS
################################################################################

variable "order_events_topic" {
  description = "Name of the topic of order stages, behind the project's and the environment's."
  type        = string
  default     = "order-events"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,80}$", var.order_events_topic))
    error_message = "The order_events_topic must have 1 to 80 letters, digits, hyphens and underscores."
  }
}

variable "external_notifications_topic" {
  description = "Name of the topic of messages to customers, behind the project's and the environment's."
  type        = string
  default     = "external-notifications"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,80}$", var.external_notifications_topic))
    error_message = "The external_notifications_topic must have 1 to 80 letters, digits, hyphens and underscores."
  }
}

################################################################################
# Variables: SQS
################################################################################

variable "restaurant_queue_name" {
  description = "Name of the queue of orders for restaurants, behind the project's and the environment's."
  type        = string
  default     = "restaurant-orders"

  # Room for the project, the environment and "-dlq" within the 80 characters of a queue's name.
  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,40}$", var.restaurant_queue_name))
    error_message = "The restaurant_queue_name must have 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "driver_queue_name" {
  description = "Name of the queue of assignments for drivers, behind the project's and the environment's."
  type        = string
  default     = "driver-assignments"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,40}$", var.driver_queue_name))
    error_message = "The driver_queue_name must have 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "customer_queue_name" {
  description = "Name of the queue of notifications for customers, behind the project's and the environment's."
  type        = string
  default     = "customer-notifications"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,40}$", var.customer_queue_name))
    error_message = "The customer_queue_name must have 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "visibility_timeout_seconds" {
  description = "Seconds for which a received message is hidden; six times timeout_s, so that a retry does not overlap the first try."
  type        = number
  default     = 180

  validation {
    condition     = var.visibility_timeout_seconds >= 6 && var.visibility_timeout_seconds <= 43200 && floor(var.visibility_timeout_seconds) == var.visibility_timeout_seconds
    error_message = "The visibility_timeout_seconds must be a whole number of seconds from 6 to 43200."
  }
}

variable "message_retention_seconds" {
  description = "Seconds for which a queue keeps a message that nobody took; dead letters stay for 14 days."
  type        = number
  default     = 345600

  validation {
    condition     = var.message_retention_seconds >= 60 && var.message_retention_seconds <= 1209600 && floor(var.message_retention_seconds) == var.message_retention_seconds
    error_message = "The message_retention_seconds must be a whole number of seconds from 60 to 1209600."
  }
}

################################################################################
# Variables: EventBridge
################################################################################

variable "earnings_schedule_expression" {
  description = "When drivers are settled, in UTC."
  type        = string
  default     = "cron(0 3 * * ? *)"

  validation {
    condition     = can(regex("^(cron\\([^ ()]+( [^ ()]+){5}\\)|rate\\([1-9][0-9]* (minute|hour|day)s?\\))$", var.earnings_schedule_expression))
    error_message = "The earnings_schedule_expression must be cron() with six fields, such as cron(0 3 * * ? *), or rate(), such as rate(1 day)."
  }
}

################################################################################
# Variables: S3
################################################################################

variable "receipts_bucket_name" {
  description = "Name of the bucket of order receipts, between the project's and the environment's and the account's number."
  type        = string
  default     = "receipts"

  # Room for the project, the environment and the account within the 63 characters of a bucket's name.
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,18}[a-z0-9]$", var.receipts_bucket_name))
    error_message = "The receipts_bucket_name must have 2 to 20 lower-case letters, digits and hyphens, and neither start nor end with a hyphen."
  }
}

variable "delivery_photos_bucket_name" {
  description = "Name of the bucket of delivery photos, between the project's and the environment's and the account's number."
  type        = string
  default     = "delivery-photos"

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,18}[a-z0-9]$", var.delivery_photos_bucket_name))
    error_message = "The delivery_photos_bucket_name must have 2 to 20 lower-case letters, digits and hyphens, and neither start nor end with a hyphen."
  }
}

variable "lifecycle_expiration_days" {
  description = "Days after which receipts and photos are deleted."
  type        = number
  default     = 365

  validation {
    condition     = var.lifecycle_expiration_days >= 1 && floor(var.lifecycle_expiration_days) == var.lifecycle_expiration_days
    error_message = "The lifecycle_expiration_days must be a whole number from 1."
  }
}

################################################################################
# Variables: Step Functions
################################################################################

variable "earnings_workflow_name" {
  description = "Name of the settlement's state machine, behind the project's and the environment's."
  type        = string
  default     = "driver-settlement"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,50}$", var.earnings_workflow_name))
    error_message = "The earnings_workflow_name must have 1 to 50 letters, digits, hyphens and underscores."
  }
}

variable "max_concurrency" {
  description = "Drivers who are settled at once."
  type        = number
  default     = 10

  # An inline Map state runs no more than 40 iterations at once, whatever it is asked for.
  validation {
    condition     = var.max_concurrency >= 1 && var.max_concurrency <= 40 && floor(var.max_concurrency) == var.max_concurrency
    error_message = "The max_concurrency must be a whole number from 1 to 40."
  }
}

################################################################################
# Variables: CloudWatch
################################################################################

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653."
  }
}

variable "alarm_p99_threshold_ms" {
  description = "Milliseconds that 99 of 100 matchings must not exceed."
  type        = number
  default     = 3000

  validation {
    condition     = var.alarm_p99_threshold_ms >= 1 && var.alarm_p99_threshold_ms <= 900000
    error_message = "The alarm_p99_threshold_ms must be from 1 to 900000 milliseconds."
  }
}

################################################################################
# Environment: naming, tags and capacity
################################################################################

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name = "${var.project_name}-${var.env}"

  # provider.tf puts these on every resource; a resource adds no more than its Name.
  tags = merge(var.common_tags, {
    Project     = var.project_name
    Environment = var.env
    Owner       = var.owner
    CostCenter  = var.cost_center
    ManagedBy   = "terraform"
  })

  # What the environments are built for, where no variable says it. Numbers only, and the same keys in each.
  capacity_by_env = {
    dev = {
      websocket_connections = 1000
    }
    staging = {
      websocket_connections = 10000
    }
    prod = {
      websocket_connections = 100000
    }
  }

  capacity = local.capacity_by_env[var.env]

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Policies name ARNs that are made from names. A resource's own arn attribute is unknown until apply, and would make
  # the whole policy unknown with it: nobody could review, compare or test it before. Arguments of resources keep their
  # references, from which Terraform learns the order.
  arn = {
    for service in ["kinesis", "kms", "lambda", "logs", "sns", "sqs"] :
    service => "arn:${local.partition}:${service}:${var.aws_region}:${local.account}"
  }
}

################################################################################
# Network
################################################################################

locals {
  # Keyed by zone, so that a subnet keeps its address when the list of zones grows. Too few ranges are the VPC's to refuse.
  public_subnets  = { for index, zone in var.availability_zones : zone => try(var.public_subnet_cidrs[index], null) }
  private_subnets = { for index, zone in var.availability_zones : zone => try(var.private_subnet_cidrs[index], null) }

  security_groups = {
    functions = "Lambda functions"
    endpoints = "VPC interface endpoints"
  }

  # Everything speaks TLS. Nothing reaches the internet from here: a function that must gets a group of its own for it.
  ingress_rules = {
    functions_to_endpoints = {
      group       = "endpoints"
      from        = "functions"
      port        = 443
      description = "AWS APIs, from the functions"
    }
  }

  egress_rules = {
    functions_to_endpoints = {
      group       = "functions"
      to          = "endpoints"
      port        = 443
      description = "AWS APIs, through the interface endpoints"
    }
  }

  # Services that the functions reach without leaving the VPC, and the actions that may pass.
  gateway_endpoints = {
    dynamodb = "dynamodb:*"
    s3       = "s3:*"
  }

  # There is no endpoint for execute-api on purpose: its private DNS would capture every API Gateway host name in the VPC,
  # and calls to the WebSocket's connections would be answered with 403. These calls leave through NAT.
  interface_endpoints = {
    kinesis-streams = "kinesis:*"
    kms             = "kms:*"
    logs            = "logs:*"
    rekognition     = "rekognition:*"
    secretsmanager  = "secretsmanager:*"
    sns             = "sns:*"
    sqs             = "sqs:*"
    states          = "states:*"
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = var.enable_dns_hostnames

  tags = { Name = local.name }

  lifecycle {
    precondition {
      condition     = alltrue([for zone in var.availability_zones : startswith(zone, var.aws_region)])
      error_message = "The availability_zones (${join(", ", var.availability_zones)}) must be zones of aws_region (${var.aws_region})."
    }

    precondition {
      condition = (
        length(var.public_subnet_cidrs) == length(var.availability_zones) &&
        length(var.private_subnet_cidrs) == length(var.availability_zones)
      )
      error_message = "The public_subnet_cidrs and the private_subnet_cidrs must be as many as the availability_zones."
    }

    # The network address of a subnet, cut to the length of the VPC's prefix, is the VPC's own if it lies inside.
    precondition {
      condition = alltrue([
        for cidr in concat(var.public_subnet_cidrs, var.private_subnet_cidrs) :
        cidrhost("${split("/", cidr)[0]}/${split("/", var.vpc_cidr)[1]}", 0) == cidrhost(var.vpc_cidr, 0)
      ])
      error_message = "The public_subnet_cidrs and the private_subnet_cidrs must lie inside vpc_cidr (${var.vpc_cidr})."
    }
  }
}

# Adopted in order to empty it: what forgets to name a security group gets one that lets nothing through.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${local.name}-unused" }
}

resource "aws_subnet" "public" {
  for_each = local.public_subnets

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = { Name = "${local.name}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.private_subnets

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = { Name = "${local.name}-private-${each.key}" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = local.name }
}

# One NAT gateway a zone, so that losing a zone does not cut the other one off. Two zones take two elastic IPs for each
# environment: three environments in one account and region need more than the default quota of five.
resource "aws_eip" "nat" {
  for_each = aws_subnet.public

  domain = "vpc"

  tags = { Name = "${local.name}-nat-${each.key}" }

  # An elastic IP is of no use, and cannot be let go, while the VPC has no internet gateway.
  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each = aws_subnet.public

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = each.value.id

  tags = { Name = "${local.name}-${each.key}" }

  # A NAT gateway without a way out fails at create.
  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${local.name}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  for_each = aws_subnet.private

  vpc_id = aws_vpc.this.id

  tags = { Name = "${local.name}-private-${each.key}" }
}

resource "aws_route" "nat" {
  for_each = aws_route_table.private

  route_table_id         = each.value.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:Endpoints and functions use the groups; in a plan the check does not see what vpc_config refers to.
  for_each = local.security_groups

  name        = "${local.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${local.name}-${each.key}" }
}

# Rules are resources of their own: groups that name each other inside their own blocks would be a cycle.
resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.ingress_rules

  security_group_id            = aws_security_group.this[each.value.group].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.egress_rules

  security_group_id            = aws_security_group.this[each.value.group].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = each.value.description
}

# A gateway endpoint has no security group to name: its addresses are a prefix list.
resource "aws_vpc_security_group_egress_rule" "gateway" {
  for_each = aws_vpc_endpoint.gateway

  security_group_id = aws_security_group.this["functions"].id
  prefix_list_id    = each.value.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "${each.key}, through the gateway endpoint"
}

# The endpoints serve this account's own roles only: stolen keys of another account cannot carry data out through them.
data "aws_iam_policy_document" "endpoint" {
  for_each = merge(local.gateway_endpoints, local.interface_endpoints)

  statement {
    sid       = "OwnAccount"
    actions   = [each.value]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [local.account]
    }
  }
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = local.gateway_endpoints

  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.aws_region}.${each.key}"
  route_table_ids   = values(aws_route_table.private)[*].id
  policy            = data.aws_iam_policy_document.endpoint[each.key].json

  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface_endpoints

  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.aws_region}.${each.key}"
  subnet_ids          = values(aws_subnet.private)[*].id
  security_group_ids  = [aws_security_group.this["endpoints"].id]
  private_dns_enabled = true
  policy              = data.aws_iam_policy_document.endpoint[each.key].json

  tags = { Name = "${local.name}-${each.key}" }
}

# Who spoke with whom, for the day when somebody asks.
resource "aws_cloudwatch_log_group" "flow" {
  name              = "/aws/vpc/${local.name}-flow"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

data "aws_iam_policy_document" "assume_flow" {
  statement {
    sid     = "VpcFlowLogs"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "flow" {
  statement {
    sid       = "WriteFlow"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = ["${local.arn.logs}:log-group:/aws/vpc/${local.name}-flow:*"]
  }

  # Asked for all groups at once, to find its own.
  statement {
    sid       = "FindLogGroup"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["${local.arn.logs}:log-group:*"]
  }
}

resource "aws_iam_role" "flow" {
  name               = "${local.name}-flow"
  description        = "Writes the VPC flow log"
  assume_role_policy = data.aws_iam_policy_document.assume_flow.json
}

resource "aws_iam_role_policy" "flow" {
  name   = "flow"
  role   = aws_iam_role.flow.id
  policy = data.aws_iam_policy_document.flow.json
}

resource "aws_flow_log" "this" {
  vpc_id                   = aws_vpc.this.id
  traffic_type             = "ALL"
  log_destination          = aws_cloudwatch_log_group.flow.arn
  iam_role_arn             = aws_iam_role.flow.arn
  max_aggregation_interval = 60

  tags = { Name = local.name }

  # Without its policy the role is accepted, and nothing is ever delivered.
  depends_on = [aws_iam_role_policy.flow]
}

################################################################################
# Encryption
################################################################################

locals {
  key_alias = "alias/${local.name}"
}

# One key for the whole stack. Kinesis, DynamoDB, SQS and Lambda act with the rights of the role that calls them; the
# services below act in their own name, and stop without a word where the key does not know them.
data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:The resource of a key policy is the key itself; * is the only way to write it.
  #checkov:skip=CKV_AWS_111:The resource of a key policy is the key itself; * is the only way to write it.
  #checkov:skip=CKV_AWS_356:The resource of a key policy is the key itself; * is the only way to write it.

  # KMS refuses a key that would lock its account out, and without this statement IAM policies have no say over the key.
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.aws_region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["${local.arn.logs}:log-group:/aws/*/${local.name}-*"]
    }
  }

  # SNS fills encrypted queues; without this it drops the messages.
  statement {
    sid       = "OrderEventsToQueues"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["${local.arn.sns}:${local.topics.order_events}"]
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "Data of ${local.name}: streams, tables, topics, queues, logs"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json

  tags = { Name = local.name }
}

resource "aws_kms_alias" "this" {
  name          = local.key_alias
  target_key_id = aws_kms_key.this.key_id
}

################################################################################
# Kinesis
################################################################################

locals {
  # Partition keys: restaurant_id in orders, driver_id in locations, so that what belongs together stays in order.
  streams = {
    orders = {
      name        = "${local.name}-${var.orders_stream_name}"
      shard_count = var.orders_shard_count
    }
    locations = {
      name        = "${local.name}-${var.locations_stream_name}"
      shard_count = var.locations_shard_count
    }
  }
}

resource "aws_kinesis_stream" "this" {
  for_each = local.streams

  name             = each.value.name
  shard_count      = var.stream_mode == "PROVISIONED" ? each.value.shard_count : null # an on-demand stream refuses one
  retention_period = var.retention_hours
  encryption_type  = "KMS"
  kms_key_id       = aws_kms_key.this.arn

  shard_level_metrics = [
    "IteratorAgeMilliseconds",
    "ReadProvisionedThroughputExceeded",
    "WriteProvisionedThroughputExceeded",
  ]

  stream_mode_details {
    stream_mode = var.stream_mode
  }
}

################################################################################
# DynamoDB
################################################################################

locals {
  # A connection is opened and closed about once in ten minutes, two writes; every open one is looked up once a minute.
  connection_writes_per_second = ceil(local.capacity.websocket_connections * 2 / 600)
  connection_reads_per_second  = ceil(local.capacity.websocket_connections / 60)

  # read and write are units per second: of an ordinary table rcu and wcu, of a busier one a multiple.
  tables = {
    # Who is connected, and what they want to see: the order that a customer tracks, the driver who waits for work.
    connections = {
      name       = "${local.name}-${var.connections_table}"
      hash_key   = "connection_id"
      range_key  = null
      attributes = { connection_id = "S", order_id = "S", user_id = "S" }
      read       = local.connection_reads_per_second
      write      = local.connection_writes_per_second
      expires    = true
      stream     = false
      indexes = {
        order_id = { hash_key = "order_id", range_key = null }
        user_id  = { hash_key = "user_id", range_key = null }
      }
    }

    # The stream carries old and new images: a consumer acts on a change of status, not on every write.
    orders = {
      name       = "${local.name}-${var.orders_table}"
      hash_key   = "order_id"
      range_key  = null
      attributes = { order_id = "S", driver_id = "S", delivery_date = "S" }
      read       = var.rcu
      write      = var.wcu
      expires    = false
      stream     = true
      indexes = {
        # The settlement asks for one driver's day. The date alone would put a whole day's orders into one partition.
        driver_id_delivery_date = { hash_key = "driver_id", range_key = "delivery_date" }
      }
    }

    # Every driver writes every few seconds, and every order reads the cells around its restaurant.
    # geohash5 is a cell of about 5 km; the search asks for the restaurant's cell and the eight around it.
    driver_locations = {
      name       = "${local.name}-${var.drivers_locations_table}"
      hash_key   = "driver_id"
      range_key  = null
      attributes = { driver_id = "S", geohash5 = "S" }
      read       = var.rcu * 2
      write      = var.wcu * 4
      expires    = true
      stream     = false
      indexes = {
        geohash5 = { hash_key = "geohash5", range_key = "driver_id" }
      }
    }

    # One item an assignment, so that one delivered twice counts once, and one item with the driver's active_order_count.
    driver_orders = {
      name       = "${local.name}-${var.driver_orders_table}"
      hash_key   = "driver_id"
      range_key  = "order_id"
      attributes = { driver_id = "S", order_id = "S" }
      read       = var.rcu
      write      = var.wcu
      expires    = false
      stream     = false
      indexes    = {}
    }

    driver_profiles = {
      name       = "${local.name}-${var.driver_profiles_table}"
      hash_key   = "driver_id"
      range_key  = null
      attributes = { driver_id = "S" }
      read       = var.rcu
      write      = var.wcu
      expires    = false
      stream     = false
      indexes    = {}
    }
  }

  on_demand = var.billing_mode == "PAY_PER_REQUEST"
}

resource "aws_dynamodb_table" "this" {
  for_each = local.tables

  name      = each.value.name
  hash_key  = each.value.hash_key
  range_key = each.value.range_key

  # DynamoDB refuses provisioned units of an on-demand table, which takes the same numbers as ceilings instead.
  billing_mode   = var.billing_mode
  read_capacity  = local.on_demand ? null : each.value.read
  write_capacity = local.on_demand ? null : each.value.write

  stream_enabled   = each.value.stream
  stream_view_type = each.value.stream ? "NEW_AND_OLD_IMAGES" : null

  # In every environment: who wants to destroy one takes it off in a change of its own.
  deletion_protection_enabled = true

  dynamic "on_demand_throughput" {
    for_each = local.on_demand ? [each.value] : []

    content {
      max_read_request_units  = on_demand_throughput.value.read
      max_write_request_units = on_demand_throughput.value.write
    }
  }

  dynamic "attribute" {
    for_each = each.value.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = "ALL"
      read_capacity   = local.on_demand ? null : each.value.read
      write_capacity  = local.on_demand ? null : each.value.write

      # A lower ceiling on an index than on its table would throttle the table's writes.
      dynamic "on_demand_throughput" {
        for_each = local.on_demand ? [each.value] : []

        content {
          max_read_request_units  = on_demand_throughput.value.read
          max_write_request_units = on_demand_throughput.value.write
        }
      }
    }
  }

  # Deletion can be two days late: readers must look at the attribute themselves.
  dynamic "ttl" {
    for_each = each.value.expires ? [var.ttl_enabled] : []

    content {
      enabled        = ttl.value
      attribute_name = ttl.value ? var.ttl_attribute_name : null # refused while TTL is off
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }
}

################################################################################
# Lambda
################################################################################

locals {
  # API Gateway gives up after 29 seconds; a function that ends before it can still say what went wrong.
  api_timeout_s = min(var.timeout_s, 28)

  # One entry a function: adding a function is adding an entry, its policy document, and its folder in lambdas/.
  # The environment holds names, never secrets, and never the address of an API that calls the function (a cycle).
  functions = {
    order_validator = {
      description = "Checks placed orders and writes them to the orders stream"
      memory      = var.validator_memory
      timeout     = local.api_timeout_s
      environment = {
        ALLOWED_ORIGIN     = "*" # orders come from many web sites and apps, and carry no cookies
        ORDERS_STREAM_NAME = local.streams.orders.name
      }
    }
  }

  function_names = { for role in keys(local.functions) : role => "${local.name}-${replace(role, "_", "-")}" }

  function_policies = {
    order_validator = data.aws_iam_policy_document.order_validator.json
  }
}

# Source blocks instead of a folder: they take no file times, no modes and no left-over bytecode into the archive, so that
# the same sources give the same hash on every machine.
data "archive_file" "function" {
  for_each = local.functions

  type             = "zip"
  output_path      = "${path.module}/build/${each.key}.zip"
  output_file_mode = "0644"

  dynamic "source" {
    for_each = fileset("${path.module}/lambdas", "${each.key}/**/*.py")

    content {
      filename = source.value
      content  = file("${path.module}/lambdas/${source.value}")
    }
  }

  lifecycle {
    precondition {
      condition     = fileexists("${path.module}/lambdas/${each.key}/handler.py")
      error_message = "The function ${each.key} has no lambdas/${each.key}/handler.py."
    }
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

# Lambda does not send a source when it assumes a role, so that no condition can be set here.
data "aws_iam_policy_document" "assume_function" {
  statement {
    sid     = "Lambda"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# What every function needs to run at all.
data "aws_iam_policy_document" "function" {
  #checkov:skip=CKV_AWS_111:EC2's network interface actions are checked by Lambda against *; the function's own code is denied them.
  for_each = local.function_names

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.arn.logs}:log-group:/aws/lambda/${each.value}:*"]
  }

  # X-Ray has no resources to name.
  statement {
    sid       = "WriteTraces"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }

  statement {
    sid       = "SendDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = ["${local.arn.sqs}:${local.dead_letter_queues.functions}"]
  }

  # Lambda itself attaches the function to the subnets, with the function's role, and checks these actions against *.
  statement {
    sid = "AttachToNetwork"
    actions = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ]
    resources = ["*"]
  }

  # The key is sent along only by calls that the function's code makes, so that this leaves Lambda's own alone.
  statement {
    sid    = "KeepCodeOffNetwork"
    effect = "Deny"
    actions = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ]
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "lambda:SourceFunctionArn"
      values   = ["${local.arn.lambda}:function:${each.value}"]
    }
  }

  # The environment's variables, and dead letters. The key is known by its alias: its ARN is unknown until apply.
  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["${local.arn.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.key_alias]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["lambda.${var.aws_region}.amazonaws.com", "sqs.${var.aws_region}.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "order_validator" {
  source_policy_documents = [data.aws_iam_policy_document.function["order_validator"].json]

  statement {
    sid       = "WriteOrders"
    actions   = ["kinesis:PutRecord"]
    resources = ["${local.arn.kinesis}:stream/${local.streams.orders.name}"]
  }

  statement {
    sid       = "EncryptOrders"
    actions   = ["kms:GenerateDataKey"]
    resources = ["${local.arn.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.key_alias]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["kinesis.${var.aws_region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = local.function_names[each.key]
  description        = each.value.description
  assume_role_policy = data.aws_iam_policy_document.assume_function.json
}

resource "aws_iam_role_policy" "function" {
  #checkov:skip=CKV_AWS_290:EC2's network interface actions are checked by Lambda against *; the function's own code is denied them.
  for_each = local.functions

  name   = each.key
  role   = aws_iam_role.function[each.key].id
  policy = local.function_policies[each.key]
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_272:The archives are made from this repository at plan time, and code signing wants them signed in S3 before.
  for_each = local.functions

  function_name = local.function_names[each.key]
  description   = each.value.description
  role          = aws_iam_role.function[each.key].arn

  filename         = data.archive_file.function[each.key].output_path
  source_code_hash = data.archive_file.function[each.key].output_base64sha256
  handler          = "${each.key}.handler.handle"
  runtime          = var.runtime
  architectures    = ["x86_64"]

  memory_size                    = each.value.memory
  timeout                        = each.value.timeout
  reserved_concurrent_executions = var.reserved_concurrent_executions

  kms_key_arn = aws_kms_key.this.arn

  environment {
    variables = each.value.environment
  }

  vpc_config {
    subnet_ids         = values(aws_subnet.private)[*].id
    security_group_ids = [aws_security_group.this["functions"].id]
  }

  # Asynchronous invocations only; whoever waits for the answer gets the error himself.
  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letter["functions"].arn
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function[each.key].name
    application_log_level = "INFO"
    system_log_level      = "WARN"
  }

  tracing_config {
    mode = "Active"
  }

  # Lambda tries the role's rights on the network, the queue and the key (by its alias) while it creates the function.
  depends_on = [aws_iam_role_policy.function, aws_kms_alias.this]
}

################################################################################
# SNS
################################################################################

locals {
  topics = {
    order_events           = "${local.name}-${var.order_events_topic}"
    external_notifications = "${local.name}-${var.external_notifications_topic}"
  }
}

resource "aws_sns_topic" "this" {
  for_each = local.topics

  name              = each.value
  kms_master_key_id = aws_kms_key.this.arn
}

# A topic's own policy replaces the default one; publishers of this account are allowed by their roles.
data "aws_iam_policy_document" "topic" {
  for_each = local.topics

  statement {
    sid       = "OnlyWithTls"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = ["${local.arn.sns}:${each.value}"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.topics

  arn    = aws_sns_topic.this[each.key].arn
  policy = data.aws_iam_policy_document.topic[each.key].json
}

################################################################################
# SQS
################################################################################

locals {
  # Each consumer, its queue, and the order stages (placed, assigned, picked_up, delivered) that it hears of.
  consumers = {
    restaurant = {
      queue  = "${local.name}-${var.restaurant_queue_name}"
      stages = ["placed", "assigned"]
    }
    driver = {
      queue  = "${local.name}-${var.driver_queue_name}"
      stages = ["assigned"]
    }
    customer = {
      queue  = "${local.name}-${var.customer_queue_name}"
      stages = ["placed", "assigned", "picked_up", "delivered"]
    }
  }

  dead_letter_queues = merge(
    { for role, consumer in local.consumers : role => "${consumer.queue}-dlq" },
    { functions = "${local.name}-functions-dlq" },
  )
}

resource "aws_sqs_queue" "dead_letter" {
  for_each = local.dead_letter_queues

  name                      = each.value
  message_retention_seconds = 1209600 # the longest there is: somebody has to look at them
  kms_master_key_id         = aws_kms_key.this.arn
}

resource "aws_sqs_queue" "consumer" {
  for_each = local.consumers

  name                       = each.value.queue
  visibility_timeout_seconds = var.visibility_timeout_seconds
  message_retention_seconds  = var.message_retention_seconds
  receive_wait_time_seconds  = 20 # long polling: an answer when there is a message, not an empty one at once
  kms_master_key_id          = aws_kms_key.this.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[each.key].arn
    maxReceiveCount     = 5
  })

  lifecycle {
    # Lambda refuses a shorter timeout than the function's; AWS advises six times it, for retries of throttled batches.
    precondition {
      condition     = var.visibility_timeout_seconds >= 6 * var.timeout_s
      error_message = "The visibility_timeout_seconds (${var.visibility_timeout_seconds}) must be at least six times timeout_s (${var.timeout_s})."
    }
  }
}

# A resource of its own: a queue and its dead letter queue that name each other would be a cycle.
resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  for_each = local.consumers

  queue_url = aws_sqs_queue.dead_letter[each.key].id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.consumer[each.key].arn]
  })
}

# Dead letters come from SQS and Lambda, which need no permission here; consumers read with the rights of their roles.
data "aws_iam_policy_document" "dead_letter" {
  for_each = local.dead_letter_queues

  statement {
    sid       = "OnlyWithTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["${local.arn.sqs}:${each.value}"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letter" {
  for_each = local.dead_letter_queues

  queue_url = aws_sqs_queue.dead_letter[each.key].id
  policy    = data.aws_iam_policy_document.dead_letter[each.key].json
}

data "aws_iam_policy_document" "consumer" {
  for_each = local.consumers

  statement {
    sid       = "OnlyWithTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["${local.arn.sqs}:${each.value.queue}"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "OrderEvents"
    actions   = ["sqs:SendMessage"]
    resources = ["${local.arn.sqs}:${each.value.queue}"]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["${local.arn.sns}:${local.topics.order_events}"]
    }
  }
}

resource "aws_sqs_queue_policy" "consumer" {
  for_each = local.consumers

  queue_url = aws_sqs_queue.consumer[each.key].id
  policy    = data.aws_iam_policy_document.consumer[each.key].json
}

# Raw: the body is the order alone, and the message's attributes stay attributes. A message without the attribute
# order_stage passes no filter, and a changed filter takes up to a quarter of an hour to act.
resource "aws_sns_topic_subscription" "consumer" {
  for_each = local.consumers

  topic_arn            = aws_sns_topic.this["order_events"].arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.consumer[each.key].arn
  raw_message_delivery = true
  filter_policy_scope  = "MessageAttributes"
  filter_policy        = jsonencode({ order_stage = each.value.stages })

  # Without the queue's policy the first messages would be dropped.
  depends_on = [aws_sqs_queue_policy.consumer]
}

################################################################################
# Outputs: Network
################################################################################

output "vpc_id" {
  description = "The VPC's ID."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "IDs of the public subnets, by availability zone."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "private_subnet_ids" {
  description = "IDs of the private subnets, by availability zone."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
}

output "security_group_ids" {
  description = "IDs of the security groups, by role."
  value       = { for role, group in aws_security_group.this : role => group.id }
}

################################################################################
# Outputs: Encryption
################################################################################

output "kms_key_arn" {
  description = "ARN of the key that encrypts all data of the stack."
  value       = aws_kms_key.this.arn
}

################################################################################
# Outputs: Kinesis
################################################################################

output "kinesis_stream_arns" {
  description = "ARNs of the streams, by role."
  value       = { for role, stream in aws_kinesis_stream.this : role => stream.arn }
}

################################################################################
# Outputs: DynamoDB
################################################################################

output "dynamodb_table_names" {
  description = "Names of the tables, by role."
  value       = { for role, table in aws_dynamodb_table.this : role => table.name }
}

output "dynamodb_table_arns" {
  description = "ARNs of the tables, by role."
  value       = { for role, table in aws_dynamodb_table.this : role => table.arn }
}

################################################################################
# Outputs: Lambda
################################################################################

output "lambda_function_arns" {
  description = "ARNs of the functions, by role."
  value       = { for role, function in aws_lambda_function.this : role => function.arn }
}

################################################################################
# Outputs: SNS
################################################################################

output "sns_topic_arns" {
  description = "ARNs of the topics, by role."
  value       = { for role, topic in aws_sns_topic.this : role => topic.arn }
}

################################################################################
# Outputs: SQS
################################################################################

output "sqs_queue_urls" {
  description = "URLs of the consumers' queues, by role."
  value       = { for role, queue in aws_sqs_queue.consumer : role => queue.url }
}

output "sqs_dead_letter_queue_urls" {
  description = "URLs of the dead letter queues, by role."
  value       = { for role, queue in aws_sqs_queue.dead_letter : role => queue.url }
}

################################################################################
# Example var files
#
# The loadable ones are in tfvars/. What they do not set is the same in every environment; all that they do set besides
# env is capacity, schedule frequency and alarm thresholds. The TTL duration and the WebSocket connections that an
# environment is built for are in the capacity map above, because they have no variable.
################################################################################

# --- dev.tfvars ---------------------------------------------------------------
#
# # Small, for developers' own orders.
# env = "dev"
#
# # API Gateway: throttle limits
# throttle_burst_limit = 50
# throttle_rate_limit  = 25
#
# # Kinesis: shard counts
# orders_shard_count    = 1
# locations_shard_count = 1
#
# # DynamoDB: capacity
# rcu = 50
# wcu = 50
#
# # Lambda: memory and concurrency
# connection_handler_memory      = 256
# validator_memory               = 256
# consumer_memory                = 512
# matcher_memory                 = 512
# restaurant_memory              = 256
# driver_memory                  = 256
# customer_memory                = 256
# location_memory                = 512
# earnings_memory                = 512
# analytics_memory               = 512
# image_memory                   = 512
# reserved_concurrent_executions = -1
#
# # Redis: cluster nodes
# num_cache_clusters = 2
#
# # Aurora: capacity
# min_capacity = 0.5
# max_capacity = 2
#
# # SQS: retention
# message_retention_seconds = 86400
#
# # EventBridge: schedule frequency
# earnings_schedule_expression = "cron(0 3 ? * SUN *)"
#
# # CloudWatch: alarm thresholds
# alarm_p99_threshold_ms = 3000

# --- staging.tfvars -----------------------------------------------------------
#
# # A tenth of production, for rehearsals and load tests.
# env = "staging"
#
# # API Gateway: throttle limits
# throttle_burst_limit = 500
# throttle_rate_limit  = 250
#
# # Kinesis: shard counts
# orders_shard_count    = 2
# locations_shard_count = 2
#
# # DynamoDB: capacity
# rcu = 200
# wcu = 200
#
# # Lambda: memory and concurrency
# connection_handler_memory      = 256
# validator_memory               = 512
# consumer_memory                = 1024
# matcher_memory                 = 1024
# restaurant_memory              = 256
# driver_memory                  = 256
# customer_memory                = 256
# location_memory                = 512
# earnings_memory                = 512
# analytics_memory               = 512
# image_memory                   = 512
# reserved_concurrent_executions = 20
#
# # Redis: cluster nodes
# num_cache_clusters = 4
#
# # Aurora: capacity
# min_capacity = 1
# max_capacity = 8
#
# # SQS: retention
# message_retention_seconds = 345600
#
# # EventBridge: schedule frequency
# earnings_schedule_expression = "cron(0 3 ? * MON-FRI *)"
#
# # CloudWatch: alarm thresholds
# alarm_p99_threshold_ms = 2000

# --- prod.tfvars --------------------------------------------------------------
#
# # The customers' orders.
# env = "prod"
#
# # API Gateway: throttle limits
# throttle_burst_limit = 2000
# throttle_rate_limit  = 1000
#
# # Kinesis: shard counts
# orders_shard_count    = 4
# locations_shard_count = 8
#
# # DynamoDB: capacity
# rcu = 1000
# wcu = 1000
#
# # Lambda: memory and concurrency
# connection_handler_memory      = 512
# validator_memory               = 1024
# consumer_memory                = 2048
# matcher_memory                 = 2048
# restaurant_memory              = 512
# driver_memory                  = 512
# customer_memory                = 512
# location_memory                = 1024
# earnings_memory                = 1024
# analytics_memory               = 1024
# image_memory                   = 1024
# reserved_concurrent_executions = 50
#
# # Redis: cluster nodes
# num_cache_clusters = 6
#
# # Aurora: capacity
# min_capacity = 2
# max_capacity = 32
#
# # SQS: retention
# message_retention_seconds = 604800
#
# # EventBridge: schedule frequency
# earnings_schedule_expression = "cron(0 3 * * ? *)"
#
# # CloudWatch: alarm thresholds
# alarm_p99_threshold_ms = 1500
