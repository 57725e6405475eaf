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
    random = {
      source  = "hashicorp/random"
      version = "~> 3.5"
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
    condition = (
      length(var.common_tags) <= 40 && alltrue([for key in keys(var.common_tags) : !startswith(lower(key), "aws:")])
    )
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
    condition = (
      length(var.public_subnet_cidrs) >= 2 && alltrue([for cidr in var.public_subnet_cidrs : can(cidrhost(cidr, 0))])
    )
    error_message = "The public_subnet_cidrs must be two or more IPv4 ranges."
  }
}

variable "private_subnet_cidrs" {
  description = "Address ranges of the private subnets (functions, endpoints, Redis, Aurora), one for each availability zone."
  type        = list(string)
  default     = ["10.20.32.0/20", "10.20.48.0/20"]

  validation {
    condition = (
      length(var.private_subnet_cidrs) >= 2 && alltrue([for cidr in var.private_subnet_cidrs : can(cidrhost(cidr, 0))])
    )
    error_message = "The private_subnet_cidrs must be two or more IPv4 ranges."
  }
}

variable "availability_zones" {
  description = "Availability zones of the subnets, all of them in aws_region."
  type        = list(string)
  default     = ["us-east-1a", "us-east-1b"]

  validation {
    condition = (
      length(var.availability_zones) >= 2 && length(distinct(var.availability_zones)) == length(var.availability_zones)
    )
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
    condition = (
      var.throttle_burst_limit >= 1 && var.throttle_burst_limit <= 5000 &&
      floor(var.throttle_burst_limit) == var.throttle_burst_limit
    )
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

variable "pos_domain" {
  description = "Domain of the restaurants' POS systems; every environment calls a host of its own below it, such as dev.pos.example.com."
  type        = string
  default     = "pos.example.com"

  validation {
    condition = (
      can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{2,63}$", var.pos_domain)) &&
      length(var.pos_domain) <= 240
    )
    error_message = "The pos_domain must be a domain's name in lower case and nothing else, such as pos.example.com."
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
    condition = (
      var.orders_shard_count >= 1 && var.orders_shard_count <= 500 &&
      floor(var.orders_shard_count) == var.orders_shard_count
    )
    error_message = "The orders_shard_count must be a whole number from 1 to 500."
  }
}

variable "locations_shard_count" {
  description = "Shards of the locations stream; each takes 1,000 updates or 1 MB a second."
  type        = number
  default     = 1

  validation {
    condition = (
      var.locations_shard_count >= 1 && var.locations_shard_count <= 500 &&
      floor(var.locations_shard_count) == var.locations_shard_count
    )
    error_message = "The locations_shard_count must be a whole number from 1 to 500."
  }
}

variable "retention_hours" {
  description = "Hours for which both streams keep their records, and so the longest outage of a consumer that loses none."
  type        = number
  default     = 48

  validation {
    condition = (
      var.retention_hours >= 24 && var.retention_hours <= 8760 && floor(var.retention_hours) == var.retention_hours
    )
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
    condition = (
      var.connection_handler_memory >= 128 && var.connection_handler_memory <= 10240 &&
      floor(var.connection_handler_memory) == var.connection_handler_memory
    )
    error_message = "The connection_handler_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "validator_memory" {
  description = "Memory in MB of the function that validates placed orders."
  type        = number
  default     = 256

  validation {
    condition = (
      var.validator_memory >= 128 && var.validator_memory <= 10240 &&
      floor(var.validator_memory) == var.validator_memory
    )
    error_message = "The validator_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "consumer_memory" {
  description = "Memory in MB of the functions that process the orders stream and publish the stages of orders."
  type        = number
  default     = 512

  validation {
    condition = (
      var.consumer_memory >= 128 && var.consumer_memory <= 10240 && floor(var.consumer_memory) == var.consumer_memory
    )
    error_message = "The consumer_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "matcher_memory" {
  description = "Memory in MB of the function that assigns drivers."
  type        = number
  default     = 512

  validation {
    condition = (
      var.matcher_memory >= 128 && var.matcher_memory <= 10240 && floor(var.matcher_memory) == var.matcher_memory
    )
    error_message = "The matcher_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "restaurant_memory" {
  description = "Memory in MB of the function that sends orders to restaurants."
  type        = number
  default     = 256

  validation {
    condition = (
      var.restaurant_memory >= 128 && var.restaurant_memory <= 10240 &&
      floor(var.restaurant_memory) == var.restaurant_memory
    )
    error_message = "The restaurant_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "driver_memory" {
  description = "Memory in MB of the function that sends assignments to drivers."
  type        = number
  default     = 256

  validation {
    condition = (
      var.driver_memory >= 128 && var.driver_memory <= 10240 && floor(var.driver_memory) == var.driver_memory
    )
    error_message = "The driver_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "customer_memory" {
  description = "Memory in MB of the function that notifies customers."
  type        = number
  default     = 256

  validation {
    condition = (
      var.customer_memory >= 128 && var.customer_memory <= 10240 && floor(var.customer_memory) == var.customer_memory
    )
    error_message = "The customer_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "location_memory" {
  description = "Memory in MB of the function that processes the locations stream."
  type        = number
  default     = 512

  validation {
    condition = (
      var.location_memory >= 128 && var.location_memory <= 10240 && floor(var.location_memory) == var.location_memory
    )
    error_message = "The location_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "earnings_memory" {
  description = "Memory in MB of the functions that settle drivers' earnings, and of the one that prepares the database for it."
  type        = number
  default     = 512

  validation {
    condition = (
      var.earnings_memory >= 128 && var.earnings_memory <= 10240 && floor(var.earnings_memory) == var.earnings_memory
    )
    error_message = "The earnings_memory must be a whole number of MB from 128 to 10240."
  }
}

variable "analytics_memory" {
  description = "Memory in MB of the function that aggregates delivered orders."
  type        = number
  default     = 512

  validation {
    condition = (
      var.analytics_memory >= 128 && var.analytics_memory <= 10240 &&
      floor(var.analytics_memory) == var.analytics_memory
    )
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

  # Zero would switch the functions off, and a queue is polled by two at least.
  validation {
    condition = (
      var.reserved_concurrent_executions == -1 || var.reserved_concurrent_executions >= 2 &&
      floor(var.reserved_concurrent_executions) == var.reserved_concurrent_executions
    )
    error_message = "The reserved_concurrent_executions must be -1, or a whole number from 2."
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
    condition = (
      can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.cluster_identifier)) && length(var.cluster_identifier) <= 30
    )
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
  description = "Aurora's master user; RDS makes the password, keeps it in Secrets Manager and rotates it."
  type        = string
  default     = "tapmaster"

  validation {
    condition = (
      can(regex("^[a-z][a-z0-9]{0,15}$", var.master_username)) &&
      !contains(["admin", "mysql", "rdsadmin", "root"], var.master_username)
    )
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
    condition = (
      var.min_capacity >= 0.5 && var.min_capacity <= 256 && floor(var.min_capacity * 2) == var.min_capacity * 2
    )
    error_message = "The min_capacity must be from 0.5 to 256, in steps of 0.5."
  }
}

variable "max_capacity" {
  description = "Most capacity of each Aurora instance, in ACU of 2 GiB."
  type        = number
  default     = 2

  validation {
    condition = (
      var.max_capacity >= 1 && var.max_capacity <= 256 && floor(var.max_capacity * 2) == var.max_capacity * 2
    )
    error_message = "The max_capacity must be from 1 to 256, in steps of 0.5."
  }
}

variable "backup_retention_days" {
  description = "Days for which Aurora's backups are kept."
  type        = number
  default     = 14

  validation {
    condition = (
      var.backup_retention_days >= 1 && var.backup_retention_days <= 35 &&
      floor(var.backup_retention_days) == var.backup_retention_days
    )
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

variable "notifications_domain" {
  description = "Domain of the external notification service; every environment calls a host of its own below it, which has to answer at apply."
  type        = string
  default     = "notifications.example.com"

  validation {
    condition = (
      can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{2,63}$", var.notifications_domain)) &&
      length(var.notifications_domain) <= 240
    )
    error_message = "The notifications_domain must be a domain's name in lower case and nothing else, such as notifications.example.com."
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
    condition = (
      var.visibility_timeout_seconds >= 6 && var.visibility_timeout_seconds <= 43200 &&
      floor(var.visibility_timeout_seconds) == var.visibility_timeout_seconds
    )
    error_message = "The visibility_timeout_seconds must be a whole number of seconds from 6 to 43200."
  }
}

variable "message_retention_seconds" {
  description = "Seconds for which a queue keeps a message that nobody took; dead letters stay for 14 days."
  type        = number
  default     = 345600

  validation {
    condition = (
      var.message_retention_seconds >= 60 && var.message_retention_seconds <= 1209600 &&
      floor(var.message_retention_seconds) == var.message_retention_seconds
    )
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
    condition = (
      var.lifecycle_expiration_days >= 1 && floor(var.lifecycle_expiration_days) == var.lifecycle_expiration_days
    )
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
  description = "Groups of drivers that are settled at once."
  type        = number
  default     = 10

  # An inline Map state runs no more than 40 iterations at once, whatever it is asked for.
  validation {
    condition = (
      var.max_concurrency >= 1 && var.max_concurrency <= 40 && floor(var.max_concurrency) == var.max_concurrency
    )
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

  # What the environments are built for, where no variable says it. Numbers only, and the same keys in each. API Gateway
  # closes a connection after two hours: no environment may forget one earlier.
  capacity_by_env = {
    dev = {
      orders_per_minute      = 20
      websocket_connections  = 1000
      connection_ttl_seconds = 7200
    }
    staging = {
      orders_per_minute      = 200
      websocket_connections  = 10000
      connection_ttl_seconds = 7200
    }
    prod = {
      orders_per_minute      = 2000
      websocket_connections  = 100000
      connection_ttl_seconds = 10800
    }
  }

  capacity = local.capacity_by_env[var.env]

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Policies name ARNs that are made from names. A resource's own arn attribute is unknown until apply, and would make
  # the whole policy unknown with it: nobody could review, compare or test it before. Arguments of resources keep their
  # references, from which Terraform learns the order.
  arn = {
    for service in [
      "cloudwatch",
      "dynamodb",
      "elasticache",
      "events",
      "execute-api",
      "kinesis",
      "kms",
      "lambda",
      "logs",
      "rds",
      "secretsmanager",
      "sns",
      "sqs",
      "states",
    ] :
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

  # A function is in functions, and in one more group for each of its destinations.
  security_groups = {
    functions      = "Lambda functions"
    internet       = "Lambda functions that call public APIs"
    redis_clients  = "Lambda functions that use Redis"
    aurora_clients = "Lambda functions that use Aurora"
    endpoints      = "VPC interface endpoints"
    redis          = "Redis nodes"
    aurora         = "Aurora instances"
  }

  # Who speaks to whom inside the VPC, over TLS all of it: out of the one group and into the other.
  connections = {
    endpoints = {
      from        = "functions"
      to          = "endpoints"
      port        = 443
      description = "AWS APIs, from the functions"
    }
    redis = {
      from        = "redis_clients"
      to          = "redis"
      port        = 6379
      description = "Redis, from the functions that use it"
    }
    aurora = {
      from        = "aurora_clients"
      to          = "aurora"
      port        = 3306
      description = "Aurora, from the functions that use it"
    }
  }

  # Services that the functions reach without leaving the VPC, and the actions that may pass. Nothing in the functions
  # calls KMS or writes to CloudWatch: Lambda and the other services do that for them, outside the VPC.
  gateway_endpoints = {
    dynamodb = "dynamodb:*"
    s3       = "s3:*"
  }

  # There is no endpoint for execute-api on purpose: its private DNS would capture every API Gateway host name in the VPC,
  # and calls to the WebSocket's connections would be answered with 403. These calls leave through NAT.
  interface_endpoints = {
    kinesis-streams = "kinesis:*"
    lambda          = "lambda:*"
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
  for_each = local.connections

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = each.value.description
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.connections

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = each.value.description
}

# execute-api has no endpoint (see above), and its addresses are nobody's to list: these calls leave through NAT.
resource "aws_vpc_security_group_egress_rule" "internet" {
  security_group_id = aws_security_group.this["internet"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "Public APIs"
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

# From this account's roles to this account's resources, and nothing else: neither a foreign key that is smuggled in nor
# a function's own role can carry data out to somebody else's bucket or queue.
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

    # If it exists: Rekognition works on no resource that belongs to anybody.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:ResourceAccount"
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

  # Services that write to encrypted queues and topics, and on whose behalf they may.
  key_services = {
    Topics   = { service = "sns.amazonaws.com", sources = [for name in values(local.topics) : "${local.arn.sns}:${name}"] }
    Alarms   = { service = "cloudwatch.amazonaws.com", sources = ["${local.arn.cloudwatch}:alarm:${local.name}-*"] }
    Schedule = { service = "events.amazonaws.com", sources = ["${local.arn.events}:rule/${local.earnings_schedule_name}"] }
  }
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

    # API Gateway chooses the names of its execution logs, after the IDs of the APIs.
    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [
        "${local.arn.logs}:log-group:/aws/*/${local.name}-*",
        "${local.arn.logs}:log-group:/aws/apigateway/*",
        "${local.arn.logs}:log-group:API-Gateway-Execution-Logs_*",
      ]
    }
  }

  # They fill encrypted queues and topics; without this they drop what they bring.
  dynamic "statement" {
    for_each = local.key_services

    content {
      sid       = statement.key
      actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = statement.value.sources
      }
    }
  }

  # Step Functions encrypts what it logs for the way, and the log delivery has to read it.
  statement {
    sid       = "LogDelivery"
    actions   = ["kms:Decrypt"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn.logs}:*"]
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "Data of ${local.name}: streams, tables, caches, databases, topics, queues, buckets, logs"
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
# API Gateway
################################################################################

locals {
  # The gateway's own limit. The functions end a second earlier, the restaurants' POS systems are cut off here.
  integration_timeout_ms = 29000

  # A stage writes its execution log into a group of this name, and makes it if it is not there: made here, the group
  # is encrypted and does not grow for ever.
  api_log_groups = {
    websocket_access    = "/aws/apigateway/${local.name}-websocket-access"
    websocket_execution = "/aws/apigateway/${aws_apigatewayv2_api.websocket.id}/${var.stage_name}"
    rest_access         = "/aws/apigateway/${local.name}-rest-access"
    rest_execution      = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.this.id}/${var.stage_name}"
  }

  # Who asked, and how it ended, but nothing of what was said. An error's type stands for its message, whose quotes
  # would break the JSON.
  access_log = {
    request_id             = "$context.requestId"
    caller                 = "$context.identity.userArn"
    status                 = "$context.status"
    error                  = "$context.error.responseType"
    integration_status     = "$context.integration.status"
    integration_latency_ms = "$context.integration.latency"
  }

  # A deployment is a copy, to be made anew when what it copied changes, which the hashes below tell. They are made of
  # what is known at plan, and leave the environment and the account out, so that a different hash is a different API.
  integration_functions = {
    for role, name in local.function_names : role => "${var.project_name}${trimprefix(name, local.name)}"
  }
}

resource "aws_cloudwatch_log_group" "api" {
  for_each = local.api_log_groups

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

data "aws_iam_policy_document" "assume_api_gateway" {
  statement {
    sid     = "ApiGateway"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "api_gateway" {
  name               = "${local.name}-api-gateway"
  description        = "Writes the logs of all APIs in the account and region"
  assume_role_policy = data.aws_iam_policy_document.assume_api_gateway.json
}

# AWS's own policy, because API Gateway tries the role out on a log group of its own before it accepts it.
resource "aws_iam_role_policy_attachment" "api_gateway" {
  role       = aws_iam_role.api_gateway.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

# One setting for all APIs of an account and region. Environments that share an account take turns: the one applied last
# wins, and the next plan of the others shows its role in place of theirs. Their roles can all do the same: no log is
# lost. Destroying an environment takes its role away and leaves the setting: if that was the role, the others log
# nothing until one of them is applied again. Environments with accounts of their own know none of this.
resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.api_gateway.arn

  # A role that may not write yet is refused.
  depends_on = [aws_iam_role_policy_attachment.api_gateway]
}

################################################################################
# WebSocket API
################################################################################

locals {
  # Every route by the function behind it: this is all that a client can say. API Gateway authorizes connections, not
  # messages: who is connected has been let in by $connect. A reply travels back only where the route has one.
  websocket_routes = {
    websocket_connect = {
      key           = "$connect"
      authorization = "AWS_IAM"
      reply         = null
    }
    websocket_disconnect = {
      key           = "$disconnect"
      authorization = "NONE"
      reply         = null
    }
    websocket_message = {
      key           = "sendmessage"
      authorization = "NONE"
      reply         = "$default"
    }
  }
}

resource "aws_apigatewayv2_api" "websocket" {
  name                       = "${local.name}-${var.websocket_api_name}"
  description                = "Real-time tracking of orders, and drivers' assignments"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "websocket" {
  for_each = local.websocket_routes

  api_id               = aws_apigatewayv2_api.websocket.id
  integration_type     = "AWS_PROXY"
  integration_method   = "POST"
  integration_uri      = aws_lambda_function.this[each.key].invoke_arn
  timeout_milliseconds = local.integration_timeout_ms
}

resource "aws_apigatewayv2_route" "connect" {
  for_each = { for role, route in local.websocket_routes : role => route if route.authorization != "NONE" }

  api_id                              = aws_apigatewayv2_api.websocket.id
  route_key                           = each.value.key
  authorization_type                  = each.value.authorization
  route_response_selection_expression = each.value.reply
  target                              = "integrations/${aws_apigatewayv2_integration.websocket[each.key].id}"
}

resource "aws_apigatewayv2_route" "connected" {
  #checkov:skip=CKV_AWS_309:API Gateway authorizes $connect only and refuses it elsewhere; an unauthorized connection never gets here.
  for_each = { for role, route in local.websocket_routes : role => route if route.authorization == "NONE" }

  api_id                              = aws_apigatewayv2_api.websocket.id
  route_key                           = each.value.key
  authorization_type                  = each.value.authorization
  route_response_selection_expression = each.value.reply
  target                              = "integrations/${aws_apigatewayv2_integration.websocket[each.key].id}"
}

# Without it, what the function returns is not sent to the client, whatever the route says.
resource "aws_apigatewayv2_route_response" "connected" {
  for_each = { for role, route in local.websocket_routes : role => route if route.reply != null }

  api_id             = aws_apigatewayv2_api.websocket.id
  route_id           = aws_apigatewayv2_route.connected[each.key].id
  route_response_key = each.value.reply
}

resource "aws_lambda_permission" "websocket" {
  for_each = local.websocket_routes

  statement_id  = "websocket"
  function_name = aws_lambda_function.this[each.key].function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.websocket.execution_arn}/${var.stage_name}/${each.value.key}"
}

resource "aws_apigatewayv2_deployment" "websocket" {
  api_id      = aws_apigatewayv2_api.websocket.id
  description = "All routes"

  triggers = {
    redeployment = sha1(jsonencode({
      selection = aws_apigatewayv2_api.websocket.route_selection_expression
      routes    = local.websocket_routes
      integrations = {
        for role, integration in aws_apigatewayv2_integration.websocket : role => [
          integration.integration_type,
          integration.integration_method,
          local.integration_functions[role],
          integration.timeout_milliseconds,
        ]
      }
    }))
  }

  lifecycle {
    create_before_destroy = true # the stage cannot be without one
  }

  # What is not there yet is not deployed.
  depends_on = [
    aws_apigatewayv2_route.connect,
    aws_apigatewayv2_route.connected,
    aws_apigatewayv2_route_response.connected,
  ]
}

resource "aws_apigatewayv2_stage" "websocket" {
  #checkov:skip=CKV2_AWS_51:Certificates are for HTTP backends; there are only functions here, which know the API by their permissions.
  api_id        = aws_apigatewayv2_api.websocket.id
  name          = var.stage_name
  deployment_id = aws_apigatewayv2_deployment.websocket.id

  default_route_settings {
    throttling_burst_limit   = var.throttle_burst_limit # one that is missing counts as 0, and every message gets a 429
    throttling_rate_limit    = var.throttle_rate_limit
    detailed_metrics_enabled = true
    logging_level            = "ERROR"
    data_trace_enabled       = false # messages are nobody's business
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api["websocket_access"].arn
    format = jsonencode(merge(local.access_log, {
      connection_id = "$context.connectionId"
      event         = "$context.eventType"
      route         = "$context.routeKey"
    }))
  }

  # A stage with logs is refused where the account has no role for them, and its first request makes the log group.
  depends_on = [aws_api_gateway_account.this, aws_cloudwatch_log_group.api]
}

################################################################################
# REST API
################################################################################

locals {
  allowed_origin = "*" # orders come from many web sites and apps, and carry no cookies

  # What a signed request and a safe retry bring along.
  request_headers = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "X-Amz-Content-Sha256",
    "X-Amz-Date",
    "X-Amz-Security-Token",
  ]

  cors_headers = {
    Access-Control-Allow-Headers = join(",", local.request_headers)
    Access-Control-Allow-Methods = "OPTIONS,POST"
    Access-Control-Allow-Origin  = local.allowed_origin
    Access-Control-Max-Age       = "7200" # no browser remembers it for longer
  }

  # The shape of an order, refused here before it costs a function. The function checks it again, and what no schema can
  # say; its limits are the same, and never stricter here than there.
  order_text = { type = "string", minLength = 1, maxLength = 200 }

  order_schema = {
    "$schema" = "http://json-schema.org/draft-04/schema#"
    title     = "Order"
    type      = "object"
    required  = ["customer_id", "restaurant_id", "region", "destination", "items"]
    properties = {
      customer_id   = local.order_text
      restaurant_id = local.order_text
      region        = local.order_text
      destination = {
        type     = "object"
        required = ["latitude", "longitude"]
        properties = {
          latitude  = { type = "number", minimum = -90, maximum = 90 }
          longitude = { type = "number", minimum = -180, maximum = 180 }
        }
      }
      items = {
        type     = "array"
        minItems = 1
        maxItems = 100
        items = {
          type     = "object"
          required = ["sku", "quantity", "price_cents"]
          properties = {
            sku         = local.order_text
            quantity    = { type = "integer", minimum = 1, maximum = 50 }
            price_cents = { type = "integer", minimum = 0, maximum = 1000000 }
          }
        }
      }
    }
  }
}

resource "aws_api_gateway_rest_api" "this" {
  name        = "${local.name}-${var.rest_api_name}"
  description = "Placement of orders, and the way to the restaurants' POS systems"

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_request_validator" "this" {
  name                        = "body-and-parameters"
  rest_api_id                 = aws_api_gateway_rest_api.this.id
  validate_request_body       = true
  validate_request_parameters = true
}

resource "aws_api_gateway_model" "order" {
  rest_api_id  = aws_api_gateway_rest_api.this.id
  name         = "Order"
  description  = "An order as customers place it"
  content_type = "application/json"
  schema       = jsonencode(local.order_schema)
}

# What the gateway itself refuses has passed no function: a web page could not read the reason without the header.
resource "aws_api_gateway_gateway_response" "error" {
  for_each = toset(["DEFAULT_4XX", "DEFAULT_5XX"])

  rest_api_id         = aws_api_gateway_rest_api.this.id
  response_type       = each.key
  response_parameters = { "gatewayresponse.header.Access-Control-Allow-Origin" = "'${local.allowed_origin}'" }
  response_templates  = { "application/json" = "{\"message\":$context.error.messageString}" } # what API Gateway says by itself
}

# POST /orders: places an order.

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "order" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = aws_api_gateway_resource.orders.id
  http_method          = "POST"
  authorization        = "AWS_IAM"
  request_validator_id = aws_api_gateway_request_validator.this.id
  request_models       = { "$default" = aws_api_gateway_model.order.name } # named, a type would let all others pass
}

resource "aws_api_gateway_integration" "order" {
  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = aws_api_gateway_method.order.resource_id
  http_method             = aws_api_gateway_method.order.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST" # what Lambda takes, whatever the method
  uri                     = aws_lambda_function.this["order_validator"].invoke_arn
  timeout_milliseconds    = local.integration_timeout_ms
}

resource "aws_lambda_permission" "rest" {
  statement_id  = "rest"
  function_name = aws_lambda_function.this["order_validator"].function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/${var.stage_name}/POST/orders"
}

# OPTIONS /orders: what a browser asks before it lets a page of another origin place an order. It cannot sign that.

resource "aws_api_gateway_method" "preflight" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = aws_api_gateway_resource.orders.id
  http_method          = "OPTIONS"
  authorization        = "NONE"
  request_validator_id = aws_api_gateway_request_validator.this.id
}

resource "aws_api_gateway_integration" "preflight" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = aws_api_gateway_method.preflight.resource_id
  http_method          = aws_api_gateway_method.preflight.http_method
  type                 = "MOCK"
  timeout_milliseconds = local.integration_timeout_ms
  request_templates    = { "application/json" = jsonencode({ statusCode = 200 }) }
}

resource "aws_api_gateway_method_response" "preflight" {
  rest_api_id         = aws_api_gateway_rest_api.this.id
  resource_id         = aws_api_gateway_method.preflight.resource_id
  http_method         = aws_api_gateway_method.preflight.http_method
  status_code         = "200"
  response_parameters = { for header in keys(local.cors_headers) : "method.response.header.${header}" => true }
}

# It takes its method from the integration, because it cannot be there before it.
resource "aws_api_gateway_integration_response" "preflight" {
  rest_api_id         = aws_api_gateway_rest_api.this.id
  resource_id         = aws_api_gateway_integration.preflight.resource_id
  http_method         = aws_api_gateway_integration.preflight.http_method
  status_code         = aws_api_gateway_method_response.preflight.status_code
  response_parameters = { for header, value in local.cors_headers : "method.response.header.${header}" => "'${value}'" }
}

# POST /pos/{restaurant_id}: hands an order over to the restaurant's POS system, for the restaurant consumer. The
# environment is the first label of the host, so that no test order reaches a kitchen.

resource "aws_api_gateway_resource" "pos" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "pos"
}

resource "aws_api_gateway_resource" "restaurant" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.pos.id
  path_part   = "{restaurant_id}"
}

resource "aws_api_gateway_method" "pos" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = aws_api_gateway_resource.restaurant.id
  http_method          = "POST"
  authorization        = "AWS_IAM"
  request_validator_id = aws_api_gateway_request_validator.this.id
  request_parameters   = { "method.request.path.restaurant_id" = true }
}

resource "aws_api_gateway_integration" "pos" {
  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = aws_api_gateway_method.pos.resource_id
  http_method             = aws_api_gateway_method.pos.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  uri                     = "https://${var.env}.${var.pos_domain}/{restaurant_id}/orders"
  timeout_milliseconds    = local.integration_timeout_ms
  request_parameters      = { "integration.request.path.restaurant_id" = "method.request.path.restaurant_id" }
}

# Tells the POS systems that it is this API that calls. It is valid for a year and nothing renews it: replace it in time
# (terraform apply -replace), and give the restaurants the new one.
resource "aws_api_gateway_client_certificate" "pos" {
  description = "${local.name}, to the restaurants' POS systems"

  lifecycle {
    create_before_destroy = true # the stage cannot be without one
  }
}

resource "aws_api_gateway_deployment" "rest" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  description = "All methods"

  triggers = {
    redeployment = sha1(jsonencode({
      paths = [
        aws_api_gateway_resource.orders.path_part,
        aws_api_gateway_resource.pos.path_part,
        aws_api_gateway_resource.restaurant.path_part,
      ]
      methods = [
        for method in [
          aws_api_gateway_method.order,
          aws_api_gateway_method.preflight,
          aws_api_gateway_method.pos,
        ] : [method.http_method, method.authorization]
      ]
      integrations = [
        for integration in [
          aws_api_gateway_integration.order,
          aws_api_gateway_integration.preflight,
          aws_api_gateway_integration.pos,
        ] : [integration.type, integration.timeout_milliseconds]
      ]
      validator = [
        aws_api_gateway_request_validator.this.validate_request_body,
        aws_api_gateway_request_validator.this.validate_request_parameters,
      ]
      order = [
        local.order_schema,
        aws_api_gateway_method.order.request_models,
        aws_api_gateway_integration.order.integration_http_method,
        local.integration_functions.order_validator,
      ]
      preflight = [
        aws_api_gateway_integration.preflight.request_templates,
        aws_api_gateway_method_response.preflight.status_code,
        aws_api_gateway_method_response.preflight.response_parameters,
        aws_api_gateway_integration_response.preflight.response_parameters,
      ]
      pos = [
        aws_api_gateway_method.pos.request_parameters,
        aws_api_gateway_integration.pos.integration_http_method,
        aws_api_gateway_integration.pos.request_parameters,
        trimprefix(aws_api_gateway_integration.pos.uri, "https://${var.env}."),
      ]
      errors = {
        for type, response in aws_api_gateway_gateway_response.error :
        type => [response.response_parameters, response.response_templates]
      }
    }))
  }

  lifecycle {
    create_before_destroy = true # the stage cannot be without one

    # A stage shows a new certificate only after a new deployment.
    replace_triggered_by = [aws_api_gateway_client_certificate.pos.id]
  }
}

resource "aws_api_gateway_stage" "rest" {
  #checkov:skip=CKV_AWS_120:Every request changes something; an answer from a cache would be an order that nobody cooks.
  #checkov:skip=CKV2_AWS_29:The gateway lets only signed, throttled and validated requests through; a preflight reaches nothing.
  rest_api_id           = aws_api_gateway_rest_api.this.id
  stage_name            = var.stage_name
  deployment_id         = aws_api_gateway_deployment.rest.id
  client_certificate_id = aws_api_gateway_client_certificate.pos.id
  xray_tracing_enabled  = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api["rest_access"].arn
    format = jsonencode(merge(local.access_log, {
      method = "$context.httpMethod"
      path   = "$context.resourcePath"
      trace  = "$context.xrayTraceId"
    }))
  }

  # A stage with logs is refused where the account has no role for them, and its first request makes the log group.
  depends_on = [aws_api_gateway_account.this, aws_cloudwatch_log_group.api]
}

resource "aws_api_gateway_method_settings" "rest" {
  #checkov:skip=CKV_AWS_225:Every request changes something; an answer from a cache would be an order that nobody cooks.
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.rest.stage_name
  method_path = "*/*"

  settings {
    throttling_burst_limit = var.throttle_burst_limit
    throttling_rate_limit  = var.throttle_rate_limit
    metrics_enabled        = true
    logging_level          = "ERROR"
    data_trace_enabled     = false # orders are nobody's business
    caching_enabled        = false
  }
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

  stream_arns = { for role, stream in local.streams : role => "${local.arn.kinesis}:stream/${stream.name}" }
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
  # After an outage all connections come back at once: the table takes no less than the API's throttle lets through, or
  # $connect fails. Every ten seconds a position looks its order's connections up, half a unit: an index is read with
  # eventual consistency.
  connection_writes_per_second = ceil(local.capacity.websocket_connections / 40)
  connection_reads_per_second  = ceil(local.capacity.websocket_connections / 10 / 2)

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
    # geohash5 is a cell of at most 5 km, and narrower towards the poles; the search asks for every cell that the radius
    # touches.
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
    # The item with the counts lists the open orders too. Every position reads that one item, to know whom to tell of it: as
    # many reads as driver_locations takes writes. An order that is done expires once no queue can hold a late message any
    # more that would count it again.
    driver_orders = {
      name       = "${local.name}-${var.driver_orders_table}"
      hash_key   = "driver_id"
      range_key  = "order_id"
      attributes = { driver_id = "S", order_id = "S" }
      read       = var.rcu * 4
      write      = var.wcu
      expires    = true
      stream     = false
      indexes    = {}
    }

    # Whoever signs a driver up, outside the stack, writes the profile: without one nobody connects as a driver, is listed,
    # or is paid. Every $connect of a driver reads one.
    driver_profiles = {
      name       = "${local.name}-${var.driver_profiles_table}"
      hash_key   = "driver_id"
      range_key  = null
      attributes = { driver_id = "S" }
      read       = var.rcu + local.connection_writes_per_second
      write      = var.wcu
      expires    = false
      stream     = false
      indexes    = {}
    }
  }

  table_arns = { for role, table in local.tables : role => "${local.arn.dynamodb}:table/${table.name}" }

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

  # Addresses are made from the APIs, not from their stages, which wait for the functions behind them: a cycle.
  api_domain = "execute-api.${var.aws_region}.amazonaws.com"

  # What lies outside the AWS APIs that every function reaches: the security group that lets a function through, the
  # variables that tell it where to go, and the rights and the decryption that it needs there.
  destinations = {
    redis = {
      group    = "redis_clients"
      decrypts = ["secretsmanager"]
      environment = {
        REDIS_HOST       = aws_elasticache_replication_group.this.configuration_endpoint_address
        REDIS_PORT       = aws_elasticache_replication_group.this.port
        REDIS_SECRET_ARN = aws_secretsmanager_secret.redis.arn
      }
      permissions = {
        ReadRedisToken = {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = ["${local.arn.secretsmanager}:secret:${local.redis_secret_name}-??????"]
        }
      }
    }

    aurora = {
      group    = "aurora_clients"
      decrypts = ["secretsmanager"]
      environment = {
        AURORA_HOST       = aws_rds_cluster.this.endpoint
        AURORA_PORT       = aws_rds_cluster.this.port
        AURORA_DATABASE   = var.database_name
        AURORA_SECRET_ARN = aws_rds_cluster.this.master_user_secret[0].secret_arn
      }
      # RDS makes the secret, and marks it with its cluster. Its name ends in an identifier that nobody knows before.
      permissions = {
        ReadAuroraPassword = {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = ["${local.arn.secretsmanager}:secret:rds!cluster-*"]
          conditions = {
            "secretsmanager:ResourceTag/aws:rds:primaryDBClusterArn" = "${local.arn.rds}:cluster:${local.aurora_name}"
          }
        }
      }
    }

    websocket = {
      group       = "internet"
      decrypts    = []
      environment = { WEBSOCKET_URL = "https://${aws_apigatewayv2_api.websocket.id}.${local.api_domain}/${var.stage_name}" }
      permissions = {
        PostToConnections = {
          actions   = ["execute-api:ManageConnections"]
          resources = ["${local.arn.execute-api}:${aws_apigatewayv2_api.websocket.id}/${var.stage_name}/POST/@connections/*"]
        }
      }
    }

    restaurants = {
      group       = "internet"
      decrypts    = []
      environment = { POS_URL = "https://${aws_api_gateway_rest_api.this.id}.${local.api_domain}/${var.stage_name}/pos" }
      permissions = {
        SendToRestaurants = {
          actions   = ["execute-api:Invoke"]
          resources = ["${local.arn.execute-api}:${aws_api_gateway_rest_api.this.id}/${var.stage_name}/POST/pos/*"]
        }
      }
    }
  }

  # Surge pricing. A zone is a geohash cell of five characters; surge:{region} is a sorted set with a member for each zone
  # of the region, whose score is the zone's price multiplier. With every order the order processor reads the cells around
  # the restaurant anyway, and sets the scores of all of them anew before it calls the matcher: no old one is ever used.
  #
  #   waiting    = orders of the zone that wait for a driver and are at most 30 minutes old (its waiting:{region}:zone)
  #   drivers    = drivers in the zone whose position is at most 5 minutes old; who is off duty sends none
  #   multiplier = 1 + 0.25 * (waiting / max(drivers, 1) - 1), not less than 1.00 and not more than 2.50
  #
  # rounded to hundredths, halves up. One waiting order a driver costs what it always does, each further one a quarter
  # more; at seven the limit is reached. A zone that is not in the set has 1.00. The order keeps the multiplier that its
  # restaurant's zone had when it was assigned: the settlement pays by that one, whatever the zone's is by then.
  #
  # Matching. A driver is a candidate if his position is at most 5 minutes old (DynamoDB deletes late, so that the reader
  # has to look), he is at most radius_km from the restaurant as the crow flies, and he has fewer than max_active_orders.
  # Each criterion becomes a number from 0 (best) to 1, by fixed limits: who else is there changes nobody's number.
  #
  #   distance = km from driver to restaurant / radius_km
  #   workload = active_order_count / max_active_orders
  #   price    = (multiplier of the zone that the driver is in - 1) / (2.50 - 1)
  #   score    = 0.5 * distance + 0.3 * workload + 0.2 * price
  #
  # The lowest score wins: distance is what the customer waits for, workload spreads the work, and price leaves drivers
  # where they are scarce already. Scores are compared as whole millionths, so that no rounding error decides; of equal
  # ones the driver with fewer active orders wins, then the nearer one, then the one whose driver_id sorts first. So the
  # candidates' order does not matter. One transaction assigns the order and reserves the driver: it is refused unless
  # the order's status is still placed and the driver still has room, so that two matchers cannot both assign an order,
  # nor load one driver beyond the limit together. Then the next best driver is tried. A reservation counts as an active
  # order, and becomes one when the driver is told.
  #
  # The order processor takes the radius and the surge from here, the matcher all of it.
  matching = {
    radius_km         = 5
    max_active_orders = 3
    weights           = { distance = 0.5, workload = 0.3, price = 0.2 }
    surge             = { step = 0.25, limit = 2.5 }
  }

  # The one function that another one calls: a name of its own, because the map below cannot name itself.
  matcher_name = "${local.name}-matcher"

  # One entry a function: adding a function is adding an entry here, and its folder in lambdas/.
  #   reaches      destinations, above
  #   decrypts     services whose data it reads; encrypts: services that it writes to (both through the stack's key)
  #   permissions  what its own code calls, a statement a purpose; what its event sources need is added from their maps
  # The environment holds names, never secrets. The role of a function is its own: no two functions share one.
  functions = {
    # --- Order tracking: the WebSocket API's routes

    websocket_connect = {
      description = "Remembers who opened a connection"
      memory      = var.connection_handler_memory
      timeout     = local.api_timeout_s
      reaches     = []
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        CONNECTIONS_TABLE      = local.tables.connections.name
        CONNECTION_TTL_SECONDS = local.capacity.connection_ttl_seconds
        DRIVER_PROFILES_TABLE  = local.tables.driver_profiles.name
        TTL_ATTRIBUTE          = var.ttl_attribute_name
      }
      permissions = {
        FindDriver      = { actions = ["dynamodb:GetItem"], resources = [local.table_arns.driver_profiles] }
        StoreConnection = { actions = ["dynamodb:PutItem"], resources = [local.table_arns.connections] }
      }
    }

    websocket_disconnect = {
      description = "Forgets a closed connection"
      memory      = var.connection_handler_memory
      timeout     = local.api_timeout_s
      reaches     = []
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        CONNECTIONS_TABLE = local.tables.connections.name
      }
      permissions = {
        RemoveConnection = { actions = ["dynamodb:DeleteItem"], resources = [local.table_arns.connections] }
      }
    }

    # All that the apps say once they are connected. The driver's sends positions (several in one message, because the
    # stage's throttle counts messages), asks for its assignments after a lost connection, reports the stages picked_up and
    # delivered, and asks for an address to upload a photo to; the customer's follows an order, rates it and adds a tip. No
    # other function writes these stages, puts positions on their stream, or lets photos into their bucket.
    websocket_message = {
      description = "Takes what customers and drivers send: subscriptions, positions, order stages, photos, ratings, tips"
      memory      = var.connection_handler_memory
      timeout     = local.api_timeout_s
      reaches     = []
      decrypts    = ["dynamodb"]
      encrypts    = ["kinesis", "s3"]
      environment = {
        CONNECTIONS_TABLE      = local.tables.connections.name
        ORDERS_TABLE           = local.tables.orders.name
        DRIVER_ORDERS_TABLE    = local.tables.driver_orders.name
        LOCATIONS_STREAM_NAME  = local.streams.locations.name
        DELIVERY_PHOTOS_BUCKET = local.buckets.delivery_photos
        TTL_ATTRIBUTE          = var.ttl_attribute_name
      }
      permissions = {
        SubscribeConnection = {
          actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
          resources = [local.table_arns.connections]
        }
        AdvanceOrder = {
          actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
          resources = [local.table_arns.orders]
        }
        FindAssignments = { actions = ["dynamodb:Query"], resources = [local.table_arns.driver_orders] }
        ReduceWorkload  = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.driver_orders] }
        WriteLocations  = { actions = ["kinesis:PutRecords"], resources = [local.stream_arns.locations] }

        # For the upload addresses that it signs: a driver may write what this function may write, and no more.
        UploadPhoto = { actions = ["s3:PutObject"], resources = ["${local.bucket_arns.delivery_photos}/photos/*"] }
      }
    }

    # --- Order placement

    order_validator = {
      description = "Checks placed orders and writes them to the orders stream"
      memory      = var.validator_memory
      timeout     = local.api_timeout_s
      reaches     = []
      decrypts    = []
      encrypts    = ["kinesis"]
      environment = {
        ALLOWED_ORIGIN     = local.allowed_origin
        ORDERS_STREAM_NAME = local.streams.orders.name
      }
      permissions = {
        WriteOrders = { actions = ["kinesis:PutRecord"], resources = [local.stream_arns.orders] }
      }
    }

    order_processor = {
      description = "Stores placed orders, estimates their preparation, and finds the drivers around"
      memory      = var.consumer_memory
      timeout     = var.timeout_s
      reaches     = ["aurora", "redis"]
      decrypts    = ["dynamodb", "kinesis"]
      encrypts    = []
      environment = {
        ORDERS_TABLE           = local.tables.orders.name
        DRIVER_LOCATIONS_TABLE = local.tables.driver_locations.name
        GEOHASH_INDEX          = "geohash5"
        MATCHING               = jsonencode(local.matching)
        TTL_ATTRIBUTE          = var.ttl_attribute_name
        MATCHER_FUNCTION       = local.matcher_name
      }
      permissions = {
        StoreOrder = { actions = ["dynamodb:PutItem"], resources = [local.table_arns.orders] }
        FindDrivers = {
          actions   = ["dynamodb:Query"]
          resources = ["${local.table_arns.driver_locations}/index/geohash5"]
        }
        StartMatch = {
          actions   = ["lambda:InvokeFunction"]
          resources = ["${local.arn.lambda}:function:${local.matcher_name}"]
        }
      }
    }

    matcher = {
      description = "Assigns the best driver to an order"
      memory      = var.matcher_memory
      timeout     = var.timeout_s
      reaches     = ["redis"]
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        ORDERS_TABLE        = local.tables.orders.name
        DRIVER_ORDERS_TABLE = local.tables.driver_orders.name
        MATCHING            = jsonencode(local.matching)
      }
      permissions = {
        ReadWorkload  = { actions = ["dynamodb:BatchGetItem"], resources = [local.table_arns.driver_orders] }
        AssignOrder   = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.orders] }
        ReserveDriver = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.driver_orders] }
      }
    }

    # --- Order stages

    order_publisher = {
      description = "Publishes every new stage of an order"
      memory      = var.consumer_memory
      timeout     = var.timeout_s
      reaches     = []
      decrypts    = ["dynamodb", "sns"]
      encrypts    = ["sns"]
      environment = {
        ORDER_EVENTS_TOPIC_ARN = "${local.arn.sns}:${local.topics.order_events}"
      }
      permissions = {
        PublishStage = { actions = ["sns:Publish"], resources = ["${local.arn.sns}:${local.topics.order_events}"] }
      }
    }

    restaurant_consumer = {
      description = "Sends orders to the restaurants, and notes what they accept"
      memory      = var.restaurant_memory
      timeout     = var.timeout_s
      reaches     = ["restaurants"]
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        ORDERS_TABLE = local.tables.orders.name
      }
      permissions = {
        AcceptOrder = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.orders] }
      }
    }

    driver_consumer = {
      description = "Sends assignments to the drivers, and counts their workload"
      memory      = var.driver_memory
      timeout     = var.timeout_s
      reaches     = ["websocket"]
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        CONNECTIONS_TABLE   = local.tables.connections.name
        USER_INDEX          = "user_id"
        DRIVER_ORDERS_TABLE = local.tables.driver_orders.name
        TTL_ATTRIBUTE       = var.ttl_attribute_name
      }
      permissions = {
        FindConnections = {
          actions   = ["dynamodb:Query"]
          resources = ["${local.table_arns.connections}/index/user_id"]
        }
        RemoveStaleConnections = { actions = ["dynamodb:DeleteItem"], resources = [local.table_arns.connections] }
        CountAssignment = {
          actions   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
          resources = [local.table_arns.driver_orders]
        }
      }
    }

    customer_consumer = {
      description = "Notifies customers through the external notification service, and files their receipts"
      memory      = var.customer_memory
      timeout     = var.timeout_s
      reaches     = []
      decrypts    = ["s3", "sns"]
      encrypts    = ["s3", "sns"]
      environment = {
        NOTIFICATIONS_TOPIC_ARN = "${local.arn.sns}:${local.topics.external_notifications}"
        RECEIPTS_BUCKET         = local.buckets.receipts
      }
      permissions = {
        # Written when the order is delivered, and read by the customer through an address that the function signs.
        StoreReceipt = {
          actions   = ["s3:GetObject", "s3:PutObject"]
          resources = ["${local.bucket_arns.receipts}/receipts/*"]
        }
        NotifyCustomer = {
          actions   = ["sns:Publish"]
          resources = ["${local.arn.sns}:${local.topics.external_notifications}"]
        }
      }
    }

    # --- Driver locations

    location_processor = {
      description = "Keeps drivers' positions, and shows them to the customers who wait"
      memory      = var.location_memory
      timeout     = var.timeout_s
      reaches     = ["redis", "websocket"]
      decrypts    = ["dynamodb", "kinesis"]
      encrypts    = []
      environment = {
        CONNECTIONS_TABLE      = local.tables.connections.name
        ORDER_INDEX            = "order_id"
        DRIVER_LOCATIONS_TABLE = local.tables.driver_locations.name
        DRIVER_ORDERS_TABLE    = local.tables.driver_orders.name
        LOCATION_TTL_SECONDS   = 300 # a position of five minutes ago says nothing about where the driver is
        TTL_ATTRIBUTE          = var.ttl_attribute_name
      }
      permissions = {
        StoreLocation     = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.driver_locations] }
        FindDriversOrders = { actions = ["dynamodb:Query"], resources = [local.table_arns.driver_orders] }
        FindConnections = {
          actions   = ["dynamodb:Query"]
          resources = ["${local.table_arns.connections}/index/order_id"]
        }
        RemoveStaleConnections = { actions = ["dynamodb:DeleteItem"], resources = [local.table_arns.connections] }
      }
    }

    # --- Analytics

    analytics = {
      description = "Records delivered orders, and keeps ratings and delivery times up to date"
      memory      = var.analytics_memory
      timeout     = var.timeout_s
      reaches     = ["aurora", "redis"]
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {}
      permissions = {}
    }

    # --- Settlement: the state machine's steps

    earnings_lister = {
      description = "Lists the drivers and days that are not settled yet"
      memory      = var.earnings_memory
      timeout     = var.timeout_s
      reaches     = []
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        DRIVER_PROFILES_TABLE = local.tables.driver_profiles.name
      }
      permissions = {
        ListDrivers = { actions = ["dynamodb:Scan"], resources = [local.table_arns.driver_profiles] }
      }
    }

    earnings_calculator = {
      description = "Calculates what drivers earned on a day"
      memory      = var.earnings_memory
      timeout     = var.timeout_s
      reaches     = ["aurora"]
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        ORDERS_TABLE         = local.tables.orders.name
        DRIVER_DELIVERY_DATE = "driver_id_delivery_date"
      }
      permissions = {
        ReadDeliveries = {
          actions   = ["dynamodb:Query"]
          resources = ["${local.table_arns.orders}/index/driver_id_delivery_date"]
        }
      }
    }

    earnings_settler = {
      description = "Books drivers' earnings, once"
      memory      = var.earnings_memory
      timeout     = var.timeout_s
      reaches     = ["aurora"]
      decrypts    = ["dynamodb"]
      encrypts    = []
      environment = {
        DRIVER_PROFILES_TABLE = local.tables.driver_profiles.name
      }
      permissions = {
        UpdateBalance = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.driver_profiles] }
      }
    }

    # --- Proof of delivery

    image_validator = {
      description = "Checks delivery photos, and notes them as proof of delivery"
      memory      = var.image_memory
      timeout     = var.timeout_s
      reaches     = []
      decrypts    = ["dynamodb", "s3"]
      encrypts    = []
      environment = {
        ORDERS_TABLE = local.tables.orders.name
      }
      permissions = {
        # The version that was uploaded, whatever came under its key since.
        ReadPhoto = {
          actions   = ["s3:GetObject", "s3:GetObjectVersion"]
          resources = ["${local.bucket_arns.delivery_photos}/photos/*"]
        }

        # It has no resource to name.
        DetectLabels = { actions = ["rekognition:DetectLabels"], resources = ["*"] }

        StoreProof = { actions = ["dynamodb:UpdateItem"], resources = [local.table_arns.orders] }
      }
    }

    # --- Schema: invoked by hand after an apply that brings new SQL (docs/deploying.md)

    schema_migrator = {
      description = "Brings the tables of the database up to date"
      memory      = var.earnings_memory
      timeout     = var.timeout_s
      reaches     = ["aurora"]
      decrypts    = []
      encrypts    = []
      environment = {}
      permissions = {}
    }
  }

  # Every function reads its environment's variables, and sends dead letters, through the key.
  decrypted_services = {
    for role, function in local.functions : role => sort(distinct(concat(
      ["lambda", "sqs"],
      function.decrypts,
      [for destination in function.reaches : local.destinations[destination].decrypts]...
    )))
  }

  # What attaches a function to the VPC's subnets.
  network_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]

  function_names = { for role in keys(local.functions) : role => "${local.name}-${replace(role, "_", "-")}" }
  function_arns  = { for role, name in local.function_names : role => "${local.arn.lambda}:function:${name}" }
}

# Source blocks instead of a folder: they take no file times, no modes and no left-over bytecode into the archive, so that
# the same sources give the same hash on every machine. Each environment has archives of its own: environments are planned
# side by side, and the provider writes in place.
data "archive_file" "function" {
  for_each = local.functions

  type             = "zip"
  output_path      = "${path.module}/build/${var.env}/${each.key}.zip"
  output_file_mode = "0644"

  dynamic "source" {
    for_each = setunion(
      fileset("${path.module}/lambdas", "${each.key}/**/*.{py,sql}"),
      fileset("${path.module}/lambdas", "shared/**/*.{py,pem}"),
    )

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

# The functions' libraries, which the runtime lacks. `make layer` installs what requirements/layer.txt locks, and leaves a
# copy of that lock beside it: a layer that is missing, empty, or made from another lock fails the plan here, not a
# function in AWS.
data "archive_file" "layer" {
  type             = "zip"
  source_dir       = "${path.module}/lambdas/layer"
  output_path      = "${path.module}/build/${var.env}/layer.zip"
  output_file_mode = "0644"

  lifecycle {
    precondition {
      condition = try(
        file("${path.module}/lambdas/layer/python/requirements.txt") == file("${path.module}/requirements/layer.txt"), false
      )
      error_message = "The Lambda layer in lambdas/layer is missing, or not made from requirements/layer.txt. Run: make layer"
    }
  }
}

resource "aws_lambda_layer_version" "this" {
  layer_name  = "${local.name}-libraries"
  description = "Libraries that all functions share, as locked in requirements/layer.txt"

  filename         = data.archive_file.layer.output_path
  source_code_hash = data.archive_file.layer.output_base64sha256

  compatible_runtimes      = [var.runtime]
  compatible_architectures = ["x86_64"]

  # A layer version cannot be changed: the functions move to the new one before the old one goes.
  lifecycle {
    create_before_destroy = true
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
data "aws_iam_policy_document" "every_function" {
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
    sid       = "AttachToNetwork"
    actions   = local.network_actions
    resources = ["*"]
  }

  # The key is sent along only by calls that the function's code makes, so that this leaves Lambda's own alone.
  statement {
    sid       = "KeepCodeOffNetwork"
    effect    = "Deny"
    actions   = local.network_actions
    resources = ["*"]

    condition {
      test     = "ArnEquals"
      variable = "lambda:SourceFunctionArn"
      values   = [local.function_arns[each.key]]
    }
  }
}

# A function's own document: what its code calls, what its destinations need, what its event sources need.
data "aws_iam_policy_document" "function" {
  for_each = local.functions

  source_policy_documents = [data.aws_iam_policy_document.every_function[each.key].json]

  dynamic "statement" {
    for_each = merge(
      each.value.permissions,
      try(local.source_permissions[each.key], {}),
      [for role in each.value.reaches : local.destinations[role].permissions]...
    )

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = try(statement.value.conditions, {})

        content {
          test     = "StringEquals"
          variable = condition.key
          values   = [condition.value]
        }
      }
    }
  }

  # The key is known by its alias: its ARN is unknown until apply.
  statement {
    sid       = "Decrypt"
    actions   = ["kms:Decrypt"]
    resources = ["${local.arn.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.key_alias]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [for service in local.decrypted_services[each.key] : "${service}.${var.aws_region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "Encrypt"
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
      values   = [for service in concat(["sqs"], each.value.encrypts) : "${service}.${var.aws_region}.amazonaws.com"]
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
  policy = data.aws_iam_policy_document.function[each.key].json
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
  layers           = [aws_lambda_layer_version.this.arn]

  memory_size                    = each.value.memory
  timeout                        = each.value.timeout
  reserved_concurrent_executions = var.reserved_concurrent_executions

  kms_key_arn = aws_kms_key.this.arn

  environment {
    variables = merge(
      {
        POWERTOOLS_SERVICE_NAME      = each.key
        POWERTOOLS_METRICS_NAMESPACE = local.name
      },
      each.value.environment,
      [for role in each.value.reaches : local.destinations[role].environment]...
    )
  }

  vpc_config {
    subnet_ids = values(aws_subnet.private)[*].id
    security_group_ids = [
      for role in concat(["functions"], [for destination in each.value.reaches : local.destinations[destination].group]) :
      aws_security_group.this[role].id
    ]
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

  # Lambda tries the role's rights on the network, the queue and the key (by its alias) while it creates the function. KMS
  # may take five minutes to heed a new alias: Redis and Aurora, whose addresses come first, take longer than that.
  depends_on = [aws_iam_role_policy.function, aws_kms_alias.this]
}

# Asynchronous invocations: the processor starts the matcher, S3 reports photos. After an hour an order is cold anyway.
resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = toset(["image_validator", "matcher"])

  function_name                = aws_lambda_function.this[each.key].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600
}

################################################################################
# Event sources
################################################################################

locals {
  # What Lambda asks of a function's role in order to read a stream for it.
  read_actions = {
    dynamodb = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    kinesis = [
      "kinesis:DescribeStream",
      "kinesis:DescribeStreamSummary",
      "kinesis:GetRecords",
      "kinesis:GetShardIterator",
      "kinesis:ListShards",
    ]
  }

  # One entry a stream and its reader. A table's stream has room for two readers: the publisher and analytics.
  #   batch    records, and seconds to wait for them
  #   lanes    batches of one shard at once; a restaurant's orders and a driver's positions stay in order all the same
  #   patience tries, and seconds, after which a record goes to the dead letters instead of blocking its shard
  stream_sources = {
    orders = {
      function = "order_processor"
      service  = "kinesis"
      arn      = aws_kinesis_stream.this["orders"].arn
      resource = local.stream_arns.orders
      from     = "TRIM_HORIZON" # LATEST would miss the orders that are placed while the mapping is being created
      batch    = { size = 100, seconds = 1 }
      lanes    = 2
      patience = { tries = 10, seconds = 3600 }
      filters  = []
    }

    locations = {
      function = "location_processor"
      service  = "kinesis"
      arn      = aws_kinesis_stream.this["locations"].arn
      resource = local.stream_arns.locations
      from     = "LATEST" # nobody asks where the drivers were before
      batch    = { size = 500, seconds = 1 }
      lanes    = 4
      patience = { tries = 2, seconds = 300 }
      filters  = []
    }

    # New stages only. Other statuses, such as accepted, and writes that leave the status alone, such as the proof of
    # delivery, would come back around through the consumers, and nothing that AWS watches for would stop the loop.
    stages = {
      function = "order_publisher"
      service  = "dynamodb"
      arn      = aws_dynamodb_table.this["orders"].stream_arn
      resource = "${local.table_arns.orders}/stream/*"
      from     = "TRIM_HORIZON"
      batch    = { size = 100, seconds = 0 }
      lanes    = 2
      patience = { tries = 10, seconds = 3600 }
      filters = concat(
        [{
          eventName = ["INSERT"]
          dynamodb  = { NewImage = { status = { S = ["placed"] } } }
        }],
        [for stage in local.order_stages : {
          eventName = ["MODIFY"]
          dynamodb = {
            NewImage = { status = { S = [stage] } }
            OldImage = { status = { S = [{ "anything-but" = [stage] }] } }
          }
        } if stage != "placed"],
      )
    }

    # The write that makes an order delivered, and the one that brings its rating: once each.
    deliveries = {
      function = "analytics"
      service  = "dynamodb"
      arn      = aws_dynamodb_table.this["orders"].stream_arn
      resource = "${local.table_arns.orders}/stream/*"
      from     = "TRIM_HORIZON"
      batch    = { size = 100, seconds = 5 }
      lanes    = 2
      patience = { tries = 10, seconds = 3600 }
      filters = [
        {
          eventName = ["MODIFY"]
          dynamodb = {
            NewImage = { status = { S = ["delivered"] } }
            OldImage = { status = { S = [{ "anything-but" = ["delivered"] }] } }
          }
        },
        {
          eventName = ["MODIFY"]
          dynamodb = {
            NewImage = { status = { S = ["delivered"] }, rating = { N = [{ exists = true }] } }
            OldImage = { rating = { N = [{ exists = false }] } }
          }
        },
      ]
    }
  }

  # The rights that Lambda needs, by function, to read its sources for it and to put away what cannot be processed.
  source_permissions = merge(
    {
      for source in values(local.stream_sources) : source.function => {
        ReadStream  = { actions = local.read_actions[source.service], resources = [source.resource] }
        ListStreams = { actions = ["${source.service}:ListStreams"], resources = ["*"] } # all or none
        SendFailures = {
          actions   = ["sqs:SendMessage"]
          resources = ["${local.arn.sqs}:${local.dead_letter_queues.streams}"]
        }
      }
    },
    {
      for consumer in values(local.consumers) : consumer.function => {
        ReadQueue = {
          actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
          resources = ["${local.arn.sqs}:${consumer.queue}"]
        }
      }
    },
  )
}

resource "aws_lambda_event_source_mapping" "stream" {
  for_each = local.stream_sources

  event_source_arn  = each.value.arn
  function_name     = aws_lambda_function.this[each.value.function].arn
  starting_position = each.value.from

  batch_size                         = each.value.batch.size
  maximum_batching_window_in_seconds = each.value.batch.seconds
  parallelization_factor             = each.value.lanes

  # A function names the records that failed; the rest of the batch counts as done. What still fails alone is poison.
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = each.value.patience.tries
  maximum_record_age_in_seconds  = each.value.patience.seconds

  # The letter says where in the stream the record is, not what it says: fetch it while the stream still keeps it.
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.dead_letter["streams"].arn
    }
  }

  dynamic "filter_criteria" {
    for_each = length(each.value.filters) > 0 ? [each.value.filters] : []

    content {
      dynamic "filter" {
        for_each = filter_criteria.value

        content {
          pattern = jsonencode(filter.value)
        }
      }
    }
  }

  lifecycle {
    # Lanes without a function to run in are throttled, and their records grow old. A table's shards are AWS's to count.
    precondition {
      condition = (
        var.reserved_concurrent_executions == -1 || each.value.service != "kinesis" || var.stream_mode != "PROVISIONED" ||
        var.reserved_concurrent_executions >= try(local.streams[each.key].shard_count, 0) * each.value.lanes
      )
      error_message = "The reserved_concurrent_executions (${var.reserved_concurrent_executions}) must be at least ${each.value.lanes} times ${each.key}_shard_count."
    }
  }

  # Lambda tries the role's rights on the stream while it creates the mapping.
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = local.consumers

  event_source_arn        = aws_sqs_queue.consumer[each.key].arn
  function_name           = aws_lambda_function.this[each.value.function].arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  # No more polls than the function has executions: messages that are taken and throttled would wear out their tries.
  scaling_config {
    maximum_concurrency = local.queue_concurrency
  }

  # Lambda tries the role's rights on the queue while it creates the mapping.
  depends_on = [aws_iam_role_policy.function]
}

################################################################################
# Redis
################################################################################

locals {
  redis_name        = "${local.name}-redis"
  redis_secret_name = "${local.name}-redis-auth"

  # Below vendedlogs one resource policy serves all groups; elsewhere every group adds to one of limited length.
  redis_logs = {
    slow-log   = "/aws/vendedlogs/${local.redis_name}-slow-log"
    engine-log = "/aws/vendedlogs/${local.redis_name}-engine-log"
  }
}

# How keys find their shard: Redis hashes only what stands in braces, and a command sees one shard. All keys of a region
# have its name in braces, so that a region lies whole on one shard, and the regions are spread over all of them:
#
#   geo:{region}            drivers' positions: GEOADD with every GPS update, GEOSEARCH for distances
#   surge:{region}          sorted set of the region's zones, each one's score is its price multiplier
#   waiting:{region}:zone   sorted set of a zone's orders that wait for a driver, each one's score is when it was placed
#   profile:{restaurant}    availability and preparation time, as in Aurora; expires, and is cached again
#   rating:{restaurant}     counts and sums behind its rating and its average delivery time
#
# A region's braces are part of its keys' names: geo:{berlin} and surge:{berlin} are on the same shard.
resource "aws_elasticache_parameter_group" "this" {
  name        = local.redis_name
  family      = "redis7"
  description = "Cluster mode for ${local.redis_name}"

  # Cluster mode hangs on this parameter: without it a single shard would come up, and have no configuration endpoint.
  parameter {
    name  = "cluster-enabled"
    value = "yes"
  }

  # When memory is short, only what expires anyway may go, the profiles that are least asked for first. Positions, zones
  # and waiting orders do not expire: evicting them would change who is matched, and at what price, without a word.
  parameter {
    name  = "maxmemory-policy"
    value = "volatile-lfu"
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name        = local.redis_name
  description = "Private subnets of ${local.name}"
  subnet_ids  = values(aws_subnet.private)[*].id
}

resource "aws_cloudwatch_log_group" "redis" {
  for_each = local.redis_logs

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

# In the state, as everything that Terraform makes up: the state has to be encrypted. ElastiCache takes few special
# characters, and 64 letters and digits need none.
resource "random_password" "redis" {
  length  = 64
  special = false
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = local.redis_name
  description          = "Cached profiles, driver positions and surge zones of ${local.name}"

  engine               = "redis"
  engine_version       = var.engine_version
  node_type            = var.node_type
  parameter_group_name = aws_elasticache_parameter_group.this.name
  port                 = 6379

  # More shards carry more regions; each has one replica, in another zone. The argument num_cache_clusters is for Redis
  # without cluster mode, and excludes these.
  num_node_groups            = var.num_cache_clusters / 2
  replicas_per_node_group    = 1
  automatic_failover_enabled = var.automatic_failover_enabled
  multi_az_enabled           = var.multi_az_enabled

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this["redis"].id]

  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = random_password.redis.result

  # Caches and positions fill themselves again; ratings and averages would have to be counted from all orders.
  snapshot_retention_limit = 7
  snapshot_window          = "06:00-07:00"
  maintenance_window       = "tue:08:00-tue:09:00" # after the night's settlement, not on Aurora's day

  # A newer version comes with engine_version, to one environment after the other, not when AWS sees fit.
  auto_minor_version_upgrade = false
  apply_immediately          = true

  dynamic "log_delivery_configuration" {
    for_each = local.redis_logs

    content {
      log_type         = log_delivery_configuration.key
      log_format       = "json"
      destination_type = "cloudwatch-logs"
      destination      = aws_cloudwatch_log_group.redis[log_delivery_configuration.key].name
    }
  }
}

resource "aws_secretsmanager_secret" "redis" {
  #checkov:skip=CKV2_AWS_57:Rotated by replacing random_password.redis: a function would change the token behind Terraform.
  name        = local.redis_secret_name
  description = "AUTH token of ${local.redis_name}"
  kms_key_id  = aws_kms_key.this.arn

  # The name of a secret that waits for its deletion cannot be used again, and a lost token is simply made anew.
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "redis" {
  secret_id     = aws_secretsmanager_secret.redis.id
  secret_string = jsonencode({ auth_token = random_password.redis.result })

  # A new token is published when Redis knows it; until the next one, Redis takes the one before as well.
  depends_on = [aws_elasticache_replication_group.this]
}

################################################################################
# Aurora
################################################################################

locals {
  aurora_name = "${local.name}-${var.cluster_identifier}"

  # Fixed, so that no two environments run different ones. 3.10 is a long-term line of Aurora MySQL 3.
  aurora_engine_version = "8.0.mysql_aurora.3.10.4"

  # No general log: it would hold every statement with all customers' data.
  aurora_logs = toset(["audit", "error", "slowquery"])

  # In the quiet hours after the settlement, and not on the day of Redis's.
  aurora_maintenance_window = "wed:08:00-wed:09:00"

  # Both windows as minutes of the day: when they start, and how long they last, past midnight too.
  aurora_windows = {
    for use, window in { backup = var.preferred_backup_window, maintenance = local.aurora_maintenance_window } :
    use => [for time in regexall("([0-9]{2}):([0-9]{2})", window) : time[0] * 60 + time[1]]
  }
  aurora_start  = { for use, times in local.aurora_windows : use => times[0] }
  aurora_length = { for use, times in local.aurora_windows : use => (times[1] - times[0] + 1440) % 1440 }
}

# The tables in it (restaurant_profiles, pricing_rules, driver_earnings, analytics_orders) are the schema migrator's.
resource "aws_rds_cluster_parameter_group" "this" {
  name        = local.aurora_name
  family      = "aurora-mysql8.0"
  description = "Parameters of ${local.aurora_name}"

  # TLS 1.0 and 1.1 are gone from this version of MySQL, so that 1.2 is what this asks for at least.
  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }

  # Names of customers, restaurants and dishes are written in all scripts, and with emojis.
  parameter {
    name  = "character_set_server"
    value = "utf8mb4"
  }

  # A function's environment is frozen between invocations, and dropped in the end, without closing its connection.
  parameter {
    name  = "wait_timeout"
    value = "900"
  }

  parameter {
    name  = "slow_query_log"
    value = "1"
  }

  parameter {
    name  = "long_query_time"
    value = "1"
  }

  # Who came, and who changed tables and rights; what was read and written is left out, for the same reason as above.
  parameter {
    name  = "server_audit_logging"
    value = "1"
  }

  parameter {
    name  = "server_audit_events"
    value = "CONNECT,QUERY_DCL,QUERY_DDL"
  }
}

resource "aws_db_subnet_group" "this" {
  name        = local.aurora_name
  description = "Private subnets of ${local.name}"
  subnet_ids  = values(aws_subnet.private)[*].id
}

resource "aws_cloudwatch_log_group" "aurora" {
  for_each = local.aurora_logs

  name              = "/aws/rds/cluster/${local.aurora_name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_rds_cluster" "this" {
  #checkov:skip=CKV_AWS_326:Backtracking rewinds paid earnings in place; a restore to a point in time leaves them to compare.
  #checkov:skip=CKV2_AWS_8:Aurora itself backs up without a break for backup_retention_days; AWS Backup would store that twice.
  cluster_identifier = local.aurora_name

  # Serverless v2 is a matter of the instances' class; the engine mode of that name is its predecessor.
  engine         = "aurora-mysql"
  engine_mode    = "provisioned"
  engine_version = local.aurora_engine_version
  database_name  = var.database_name
  port           = 3306

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name

  # RDS makes the password, keeps it in Secrets Manager, and rotates it every week: it is never in the state. With IAM
  # authentication people sign in with short-lived tokens, and need not borrow it.
  master_username                     = var.master_username
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.this.arn
  iam_database_authentication_enabled = true

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this["aurora"].id]

  storage_encrypted = true
  kms_key_id        = aws_kms_key.this.arn

  backup_retention_period      = var.backup_retention_days
  preferred_backup_window      = var.preferred_backup_window
  preferred_maintenance_window = local.aurora_maintenance_window
  apply_immediately            = true
  copy_tags_to_snapshot        = true

  # In every environment: who wants to destroy one takes it off in a change of its own. The last snapshot has a fixed
  # name, so that a second one has to wait until somebody has looked after the first.
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.aurora_name}-final"

  enabled_cloudwatch_logs_exports = local.aurora_logs

  # How many connections there may be follows from max_capacity, but only when an instance is started anew.
  serverlessv2_scaling_configuration {
    min_capacity = var.min_capacity
    max_capacity = var.max_capacity
  }

  lifecycle {
    precondition {
      condition     = var.min_capacity <= var.max_capacity
      error_message = "The min_capacity (${var.min_capacity}) must not be greater than max_capacity (${var.max_capacity})."
    }

    precondition {
      condition     = local.aurora_length.backup >= 30
      error_message = "The preferred_backup_window (${var.preferred_backup_window}) must be at least 30 minutes long."
    }

    # Neither may start while the other is open, counted around the clock.
    precondition {
      condition = alltrue([
        for first, second in { backup = "maintenance", maintenance = "backup" } :
        (local.aurora_start[second] - local.aurora_start[first] + 1440) % 1440 >= local.aurora_length[first]
      ])
      error_message = "The preferred_backup_window (${var.preferred_backup_window}) must not overlap ${local.aurora_maintenance_window}."
    }
  }

  # Aurora would make the groups itself, for ever and without our key.
  depends_on = [aws_cloudwatch_log_group.aurora]
}

# Two, each in a zone of its own. Neither is the writer by name: that is chance at first, and a failover swaps them.
# Both are in the first tier, so that the reader keeps pace with the writer's capacity, and can take over its load.
resource "aws_rds_cluster_instance" "this" {
  #checkov:skip=CKV_AWS_226:Pinned, so that production runs what was rehearsed; an upgrade is a reviewed change of this file.
  for_each = { a = var.availability_zones[0], b = var.availability_zones[1] }

  identifier         = "${local.aurora_name}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id
  availability_zone  = each.value

  engine         = aws_rds_cluster.this.engine
  engine_version = aws_rds_cluster.this.engine_version
  instance_class = var.instance_class
  promotion_tier = 0

  db_subnet_group_name = aws_db_subnet_group.this.name
  publicly_accessible  = false
  ca_cert_identifier   = "rds-ca-rsa2048-g1" # the authority that the functions trust

  preferred_maintenance_window = local.aurora_maintenance_window
  auto_minor_version_upgrade   = false
  apply_immediately            = true
  copy_tags_to_snapshot        = true

  # Seven days are free of charge.
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7

  monitoring_interval = 60
  monitoring_role_arn = aws_iam_role.aurora_monitoring.arn

  # RDS tries the role's rights while it creates the instance.
  depends_on = [aws_iam_role_policy.aurora_monitoring]
}

data "aws_iam_policy_document" "assume_aurora_monitoring" {
  statement {
    sid     = "EnhancedMonitoring"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn.rds}:db:${local.aurora_name}-*"]
    }
  }
}

# The group's name is RDS's own, and one for the whole account: RDS has to make it, and no environment may own it.
data "aws_iam_policy_document" "aurora_monitoring" {
  statement {
    sid       = "KeepLogGroup"
    actions   = ["logs:CreateLogGroup", "logs:PutRetentionPolicy"]
    resources = ["${local.arn.logs}:log-group:RDSOSMetrics*"]
  }

  statement {
    sid       = "WriteMetrics"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"]
    resources = ["${local.arn.logs}:log-group:RDSOSMetrics:log-stream:*"]
  }
}

resource "aws_iam_role" "aurora_monitoring" {
  name               = "${local.name}-aurora-monitoring"
  description        = "Writes the metrics of the hosts of Aurora"
  assume_role_policy = data.aws_iam_policy_document.assume_aurora_monitoring.json
}

resource "aws_iam_role_policy" "aurora_monitoring" {
  name   = "aurora-monitoring"
  role   = aws_iam_role.aurora_monitoring.id
  policy = data.aws_iam_policy_document.aurora_monitoring.json
}

################################################################################
# SNS
################################################################################

locals {
  topics = {
    order_events           = "${local.name}-${var.order_events_topic}"
    external_notifications = "${local.name}-${var.external_notifications_topic}"
    alarms                 = "${local.name}-alarms"
  }
}

resource "aws_sns_topic" "this" {
  for_each = local.topics

  name              = each.value
  kms_master_key_id = aws_kms_key.this.arn
}

# A topic's own policy replaces the default one. This account's functions are allowed by their roles; alarms have none.
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

  dynamic "statement" {
    for_each = each.key == "alarms" ? [local.key_services.Alarms] : []

    content {
      sid       = "Alarms"
      actions   = ["sns:Publish"]
      resources = ["${local.arn.sns}:${each.value}"]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = statement.value.sources
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.topics

  arn    = aws_sns_topic.this[each.key].arn
  policy = data.aws_iam_policy_document.topic[each.key].json
}

# The environment is the first label of the host: no environment can notify the customers of another one. SNS refuses a
# host that it cannot reach (Unreachable Endpoint): the service has to answer before this is applied. SNS then asks it to
# confirm, waits two days for that, and signs what it sends, which is why messages keep their envelope.
resource "aws_sns_topic_subscription" "external" {
  topic_arn = aws_sns_topic.this["external_notifications"].arn
  protocol  = "https"
  endpoint  = "https://${var.env}.${var.notifications_domain}/order-notifications"

  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letter["external_notifications"].arn })

  # Without the queue's policy what cannot be delivered would be dropped.
  depends_on = [aws_sqs_queue_policy.dead_letter]
}

################################################################################
# SQS
################################################################################

locals {
  # The stages of an order that anybody hears of. Other statuses are the orders table's own affair.
  order_stages = ["placed", "assigned", "picked_up", "delivered"]

  # Each consumer, its queue, the stages that it hears of, and the function that reads them.
  consumers = {
    restaurant = {
      queue    = "${local.name}-${var.restaurant_queue_name}"
      stages   = ["placed", "assigned"]
      function = "restaurant_consumer"
    }
    driver = {
      queue    = "${local.name}-${var.driver_queue_name}"
      stages   = ["assigned"]
      function = "driver_consumer"
    }
    customer = {
      queue    = "${local.name}-${var.customer_queue_name}"
      stages   = local.order_stages
      function = "customer_consumer"
    }
  }

  order_events = { service = "sns.amazonaws.com", source = "${local.arn.sns}:${local.topics.order_events}" }

  # Where everything goes that cannot be processed or delivered, and the service that brings it in its own name; SQS and
  # Lambda bring theirs with rights of their own.
  dead_letters = merge(
    { for role, consumer in local.consumers : role => { name = "${consumer.queue}-dlq", senders = [local.order_events] } },
    {
      functions = { name = "${local.name}-functions-dlq", senders = [] }
      streams   = { name = "${local.name}-streams-dlq", senders = [] }
      external_notifications = {
        name    = "${local.topics.external_notifications}-dlq"
        senders = [{ service = "sns.amazonaws.com", source = "${local.arn.sns}:${local.topics.external_notifications}" }]
      }
      schedule = {
        name    = "${local.name}-schedule-dlq"
        senders = [{ service = "events.amazonaws.com", source = "${local.arn.events}:rule/${local.earnings_schedule_name}" }]
      }
    },
  )

  dead_letter_queues = { for role, letters in local.dead_letters : role => letters.name }

  # Who may bring what to a queue: dead letters are not among the consumers, so that the roles need a prefix.
  queue_senders = merge(
    { for role, letters in local.dead_letters : "dead_letter/${role}" => letters },
    {
      for role, consumer in local.consumers :
      "consumer/${role}" => { name = consumer.queue, senders = [local.order_events] }
    },
  )

  # A queue has from 2 to 1,000 pollers, however many executions there are.
  queue_concurrency = var.reserved_concurrent_executions == -1 ? 10 : min(var.reserved_concurrent_executions, 1000)
}

resource "aws_sqs_queue" "dead_letter" {
  for_each = local.dead_letters

  name                      = each.value.name
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

data "aws_iam_policy_document" "queue" {
  for_each = local.queue_senders

  statement {
    sid       = "OnlyWithTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["${local.arn.sqs}:${each.value.name}"]

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

  dynamic "statement" {
    for_each = each.value.senders

    content {
      sid       = "Deliver"
      actions   = ["sqs:SendMessage"]
      resources = ["${local.arn.sqs}:${each.value.name}"]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [statement.value.source]
      }
    }
  }
}

resource "aws_sqs_queue_policy" "dead_letter" {
  for_each = local.dead_letters

  queue_url = aws_sqs_queue.dead_letter[each.key].id
  policy    = data.aws_iam_policy_document.queue["dead_letter/${each.key}"].json
}

resource "aws_sqs_queue_policy" "consumer" {
  for_each = local.consumers

  queue_url = aws_sqs_queue.consumer[each.key].id
  policy    = data.aws_iam_policy_document.queue["consumer/${each.key}"].json
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
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letter[each.key].arn })

  # Without the queues' policies the first messages would be dropped.
  depends_on = [aws_sqs_queue_policy.consumer, aws_sqs_queue_policy.dead_letter]
}

################################################################################
# EventBridge
################################################################################

locals {
  earnings_schedule_name = "${local.name}-earnings"
}

# How often differs between the environments, what is settled does not: a run takes every day that is not settled yet.
resource "aws_cloudwatch_event_rule" "earnings" {
  name                = local.earnings_schedule_name
  description         = "Starts the settlement of drivers' earnings"
  schedule_expression = var.earnings_schedule_expression
  state               = "ENABLED"
}

data "aws_iam_policy_document" "assume_earnings_schedule" {
  statement {
    sid     = "EventBridge"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["${local.arn.events}:rule/${local.earnings_schedule_name}"]
    }
  }
}

# No right to the key: Step Functions encrypts an execution with the rights of the state machine's role, not of who
# starts it.
data "aws_iam_policy_document" "earnings_schedule" {
  statement {
    sid       = "StartSettlement"
    actions   = ["states:StartExecution"]
    resources = ["${local.arn.states}:stateMachine:${local.earnings_workflow_name}"]
  }
}

resource "aws_iam_role" "earnings_schedule" {
  name               = "${local.name}-earnings-schedule"
  description        = "Starts the settlement of drivers' earnings"
  assume_role_policy = data.aws_iam_policy_document.assume_earnings_schedule.json
}

resource "aws_iam_role_policy" "earnings_schedule" {
  name   = "earnings-schedule"
  role   = aws_iam_role.earnings_schedule.id
  policy = data.aws_iam_policy_document.earnings_schedule.json
}

resource "aws_cloudwatch_event_target" "earnings" {
  rule      = aws_cloudwatch_event_rule.earnings.name
  target_id = "settlement"
  arn       = aws_sfn_state_machine.earnings.arn
  role_arn  = aws_iam_role.earnings_schedule.arn

  # EventBridge puts the quotes around the time itself; jsonencode would escape the angle brackets.
  input_transformer {
    input_paths    = { scheduled_at = "$.time" }
    input_template = "{\"scheduled_at\": <scheduled_at>}"
  }

  # An hour is time enough for a passing fault; a start later than that would meet the backup window.
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 20
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letter["schedule"].arn
  }

  # Without their policies the role starts nothing, and the queue takes no letter that tells of it.
  depends_on = [aws_iam_role_policy.earnings_schedule, aws_sqs_queue_policy.dead_letter]
}

################################################################################
# S3
################################################################################

locals {
  # Bucket names are shared by all of AWS: the account makes them this stack's own.
  buckets = {
    receipts        = "${local.name}-${var.receipts_bucket_name}-${local.account}"
    delivery_photos = "${local.name}-${var.delivery_photos_bucket_name}-${local.account}"
  }

  access_logs_bucket = "${local.name}-access-logs-${local.account}"

  bucket_arns            = { for role, name in local.buckets : role => "arn:${local.partition}:s3:::${name}" }
  access_logs_bucket_arn = "arn:${local.partition}:s3:::${local.access_logs_bucket}"

  # What browsers and web views may do with presigned URLs: customers fetch receipts, drivers upload photos.
  cors_methods = {
    receipts        = ["GET"]
    delivery_photos = ["PUT"]
  }

  # The function for new objects, by their prefix. It must not write under the prefix itself, or it would call itself.
  upload_functions = {
    receipts        = {}
    delivery_photos = { "photos/" = "image_validator" }
  }
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:The whole stack lives in one region; versioning keeps what is overwritten or deleted.
  for_each = local.buckets

  bucket = each.value

  lifecycle {
    precondition {
      condition     = length(distinct(concat(values(local.buckets), [local.access_logs_bucket]))) == 3
      error_message = "The receipts_bucket_name (${var.receipts_bucket_name}) and the delivery_photos_bucket_name (${var.delivery_photos_bucket_name}) must differ, and neither may be access-logs."
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    bucket_key_enabled = true # one call to KMS for many objects, not one for each

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {
      prefix = ""
    }

    expiration {
      days = var.lifecycle_expiration_days
    }

    # Time enough to notice that something was overwritten or deleted by mistake.
    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # Noncurrent versions are there only after versioning.
  depends_on = [aws_s3_bucket_versioning.this]
}

# Any origin: what lets a request pass is its presigned URL, which names one object and expires, and no cookie goes
# along. Apps in web views have no origin of their own that could be listed.
resource "aws_s3_bucket_cors_configuration" "this" {
  for_each = local.cors_methods

  bucket = aws_s3_bucket.this[each.key].id

  cors_rule {
    allowed_origins = ["*"]
    allowed_methods = each.value
    allowed_headers = ["content-md5", "content-type", "x-amz-*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.bucket_arns

  statement {
    sid       = "OnlyWithTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value, "${each.value}/*"]

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

  # An upload that says nothing of encryption gets the bucket's own, the stack's key. Saying something could only choose
  # another key or none, and presigned uploads have no reason to.
  statement {
    sid       = "OnlyBucketsEncryption"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }
  }

  # The same for keys that the client brings along: nobody else could read the object.
  statement {
    sid       = "OnlyBucketsKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-customer-algorithm"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id
  policy = data.aws_iam_policy_document.bucket[each.key].json

  # S3 takes one change of a bucket's access at a time, and refuses the other as a conflict.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_logging" "this" {
  for_each = local.buckets

  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = "${each.key}/"

  # Logs that may not be written are lost without a word.
  depends_on = [aws_s3_bucket_policy.access_logs]
}

# S3 may call the function for this bucket of this account alone: a bucket's name can be somebody else's one day.
resource "aws_lambda_permission" "delivery_photos" {
  statement_id   = "DeliveryPhotos"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this["image_validator"].function_name
  principal      = "s3.amazonaws.com"
  source_arn     = local.bucket_arns.delivery_photos
  source_account = local.account
}

# A bucket has one notification for all that is to be told. EventBridge hears of both buckets, free of charge, so that a
# rule can ask who deleted a receipt or a proof of delivery without a change here.
resource "aws_s3_bucket_notification" "this" {
  for_each = local.buckets

  bucket      = aws_s3_bucket.this[each.key].id
  eventbridge = true

  # No suffix: S3 compares it letter by letter, and a photo called .JPG would never be looked at. The function reads
  # what the file is, and refuses what is no picture. Large photos come in parts, and are no plain Put.
  dynamic "lambda_function" {
    for_each = local.upload_functions[each.key]

    content {
      id                  = lambda_function.value
      lambda_function_arn = aws_lambda_function.this[lambda_function.value].arn
      events              = ["s3:ObjectCreated:*"]
      filter_prefix       = lambda_function.key
    }
  }

  # S3 tries the permission while it takes the notification.
  depends_on = [aws_lambda_permission.delivery_photos]
}

# Who fetched a receipt, and who looked at a photo.
resource "aws_s3_bucket" "access_logs" {
  #checkov:skip=CKV_AWS_144:The whole stack lives in one region; access logs are of no use without the buckets they tell of.
  #checkov:skip=CKV_AWS_145:S3 delivers access logs only to buckets encrypted with its own keys; they name objects, and hold none.
  #checkov:skip=CKV2_AWS_62:Nothing waits for access logs; they are there to be searched when somebody asks.
  bucket = local.access_logs_bucket
}

resource "aws_s3_bucket_public_access_block" "access_logs" {
  bucket                  = aws_s3_bucket.access_logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# As long as the other logs of the stack.
resource "aws_s3_bucket_lifecycle_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {
      prefix = ""
    }

    expiration {
      days = var.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # Noncurrent versions are there only after versioning.
  depends_on = [aws_s3_bucket_versioning.access_logs]
}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "OnlyWithTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.access_logs_bucket_arn, "${local.access_logs_bucket_arn}/*"]

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
    sid       = "AccessLogs"
    actions   = ["s3:PutObject"]
    resources = [for role in keys(local.buckets) : "${local.access_logs_bucket_arn}/${role}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = values(local.bucket_arns)
    }
  }
}

resource "aws_s3_bucket_policy" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  policy = data.aws_iam_policy_document.access_logs.json

  # S3 takes one change of a bucket's access at a time, and refuses the other as a conflict.
  depends_on = [aws_s3_bucket_public_access_block.access_logs]
}

################################################################################
# Step Functions
################################################################################

locals {
  earnings_workflow_name = "${local.name}-${var.earnings_workflow_name}"
  earnings_log_group     = "/aws/vendedlogs/states/${local.earnings_workflow_name}"

  # Listing, then for each group of drivers calculating and settling. A group takes 16 events of the 25,000 that an
  # execution's history holds, but all groups together travel in one payload of at most 256 KB. With ids of 36
  # characters that is room for 6,000 drivers' days: the lister names no more at once, oldest first, and leaves the rest
  # to the next run.
  earnings_functions = ["earnings_lister", "earnings_calculator", "earnings_settler"]

  earnings_template = "templates/driver_settlement.asl.json.tftpl"

  # Decoded and encoded again: a template that is no JSON fails the plan, and its layout is not a difference.
  earnings_definition = jsonencode(jsondecode(templatefile("${path.module}/${local.earnings_template}", {
    partition       = local.partition
    max_concurrency = var.max_concurrency

    # The state waits a little longer than the function runs, so that Lambda's own error is the one that is reported.
    functions = {
      for role in local.earnings_functions : role => {
        arn     = local.function_arns[role]
        timeout = local.functions[role].timeout + 10
      }
    }

    # What Lambda itself gets wrong for a moment: six more tries in about two minutes, at random times, or all groups
    # would come back at once. An error of the code is no better the second time; the next run settles what is left.
    retry = [{
      ErrorEquals = [
        "Lambda.AWSLambdaException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
        "Lambda.ServiceException",
        "Lambda.TooManyRequestsException",
      ]
      IntervalSeconds = 2
      BackoffRate     = 2
      MaxAttempts     = 6
      MaxDelaySeconds = 60
      JitterStrategy  = "FULL"
    }]
  })))
}

# The prefix is AWS's own for delivered logs: groups under it need no room in the account's small log resource policy.
resource "aws_cloudwatch_log_group" "earnings" {
  name              = local.earnings_log_group
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

data "aws_iam_policy_document" "assume_earnings" {
  statement {
    sid     = "StepFunctions"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn.states}:stateMachine:${local.earnings_workflow_name}"]
    }
  }
}

data "aws_iam_policy_document" "earnings" {
  statement {
    sid       = "SettleEarnings"
    actions   = ["lambda:InvokeFunction"]
    resources = [for role in local.earnings_functions : local.function_arns[role]]
  }

  # A log delivery belongs to the account, not to a group or a state machine: AWS supports nothing finer.
  statement {
    sid = "DeliverLogs"
    actions = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    resources = ["*"]
  }

  # X-Ray has no resources to name.
  statement {
    sid = "WriteTraces"
    actions = [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]
    resources = ["*"]
  }

  # The definition and the executions' history.
  statement {
    sid       = "EncryptHistory"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["${local.arn.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.key_alias]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:states:stateMachineArn"
      values   = ["${local.arn.states}:stateMachine:${local.earnings_workflow_name}"]
    }
  }

  # What a state machine with a key of its own logs is encrypted on its way, too. The context names the account's logs.
  statement {
    sid       = "EncryptLogs"
    actions   = ["kms:GenerateDataKey"]
    resources = ["${local.arn.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.key_alias]
    }

    condition {
      test     = "StringLike"
      variable = "kms:EncryptionContext:SourceArn"
      values   = ["${local.arn.logs}:*"]
    }
  }
}

resource "aws_iam_role" "earnings" {
  name               = "${local.name}-earnings-workflow"
  description        = "Runs the settlement of drivers' earnings"
  assume_role_policy = data.aws_iam_policy_document.assume_earnings.json
}

resource "aws_iam_role_policy" "earnings" {
  name   = "earnings"
  role   = aws_iam_role.earnings.id
  policy = data.aws_iam_policy_document.earnings.json
}

resource "aws_sfn_state_machine" "earnings" {
  #checkov:skip=CKV_AWS_285:Every step is logged, but not what drivers earn: that is personal, and stays in the encrypted history.
  name       = local.earnings_workflow_name
  type       = "STANDARD" # an express workflow ends after five minutes, and may run a step twice
  role_arn   = aws_iam_role.earnings.arn
  definition = local.earnings_definition

  logging_configuration {
    level                  = "ALL"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.earnings.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  encryption_configuration {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = aws_kms_key.this.arn
    kms_data_key_reuse_period_seconds = 300
  }

  # Step Functions tries the role's rights on the logs and the key (by its alias) while it creates the state machine.
  # The definition knows the functions by name alone, and must not be started before they are there.
  depends_on = [aws_iam_role_policy.earnings, aws_kms_alias.this, aws_lambda_function.this]
}

################################################################################
# CloudWatch
################################################################################

locals {
  # What the environment handles in a period of five minutes; thresholds below are shares of it.
  orders_per_period = local.capacity.orders_per_minute * 5

  # The log contract. Functions log one JSON object a line, with level, an RFC 3339 timestamp and the keys below at the
  # top: powertools' logger writes such lines and Lambda passes them on, and of Python's own logger Lambda writes the
  # extra attributes there. Counted lines are of level INFO and name no person and no place:
  #
  #   event                 function              further keys
  #   order_refused         order_validator       reason
  #   order_stage           order_publisher       order_id, order_stage (one of local.order_stages)
  #   no_driver_available   matcher               order_id, region
  #   order_accepted        restaurant_consumer   order_id, restaurant_id
  #   order_delivered       analytics             order_id, restaurant_id, delivery_minutes (a number, since placed)
  #   driver_settled        earnings_settler      driver_id, delivery_date, amount_cents (a whole number)
  #
  # An event is logged once its write has succeeded, and not again when the message comes a second time; order_stage alone
  # comes again where a record before it in the batch is poison. A number is an int or a float: the logger writes a Decimal
  # as a string, which has no value for a metric. What is not counted explains a choice or a failure: match_started,
  # order_matched with the parts of its score, order_held, order_not_accepted, earnings_unknown, driver_days_left,
  # record_failed, and poison_record with its reason at each try.
  fulfillment_namespace = "${var.project_name}/${var.env}"

  fulfillment_metrics = merge(
    {
      orders_refused        = { function = "order_validator", match = { event = "order_refused" } }
      orders_without_driver = { function = "matcher", match = { event = "no_driver_available" } }
      orders_accepted       = { function = "restaurant_consumer", match = { event = "order_accepted" } }
      drivers_settled       = { function = "earnings_settler", match = { event = "driver_settled" } }

      delivery_minutes = {
        function = "analytics"
        match    = { event = "order_delivered" }
        value    = "$.delivery_minutes"
      }
    },
    {
      for stage in local.order_stages :
      "orders_${stage}" => { function = "order_publisher", match = { event = "order_stage", order_stage = stage } }
    },
  )

  # OrdersPickedUp from orders_picked_up, as CloudWatch spells its own metrics.
  fulfillment_metric_names = {
    for role in keys(local.fulfillment_metrics) : role => join("", [for word in split("_", role) : title(word)])
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.fulfillment_metrics

  name           = "${local.name}-${replace(each.key, "_", "-")}"
  log_group_name = aws_cloudwatch_log_group.function[each.value.function].name
  pattern        = "{ ${join(" && ", [for key, text in each.value.match : "($.${key} = \"${text}\")"])} }"

  metric_transformation {
    namespace = local.fulfillment_namespace
    name      = local.fulfillment_metric_names[each.key]
    value     = try(each.value.value, "1")

    # A count is zero while nothing happens. A duration is not: zeros would pull its average down.
    default_value = can(each.value.value) ? null : "0"
  }
}

locals {
  # Default max_connections of an Aurora MySQL instance by the most ACU that it may grow to. Of what lies between two
  # sizes AWS says nothing, and the smaller one counts here. From the Aurora user guide:
  # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
  aurora_connections_by_acu = { 1 = 90, 4 = 135, 8 = 1000, 16 = 2000, 32 = 3000, 64 = 4000, 128 = 5000 }

  aurora_max_connections = max([
    for acu, connections in local.aurora_connections_by_acu : connections if tonumber(acu) <= var.max_capacity
  ]...)

  # Redis has metrics by node only: these are the nodes of the largest environment. A smaller one has no data of those
  # that it lacks, and so no alarm.
  redis_nodes = [for node in setproduct(["0001", "0002", "0003"], ["001", "002"]) : join("-", node)]

  # Made from the name: the state machine's own arn is unknown until apply.
  earnings_workflow_arn = "${local.arn.states}:stateMachine:${local.earnings_workflow_name}"

  # The functions that read a stream, of Kinesis or of a table.
  stream_consumers = ["order_processor", "location_processor", "order_publisher", "analytics"]

  # The messages that SNS may fail to deliver. A queue of ours fails for want of a right or a key only, and the messages
  # are lost; a service outside has bad minutes, and a dead letter queue.
  tolerated_delivery_failures = { order_events = 0, external_notifications = 0.01 }

  # Adding an alarm is adding an entry. It goes off when the statistic is above the threshold in all of its periods, and
  # says what that means and what to do. Thresholds are all that differs between the environments.
  alarm_defaults = {
    statistic  = "Sum"
    percentile = null # instead of a statistic
    period     = 300
    periods    = 1
  }

  metric_alarms = merge(
    {
      order_placement_failures = {
        namespace = "AWS/ApiGateway"
        metric    = "5XXError"
        dimensions = {
          ApiName  = aws_api_gateway_rest_api.this.name
          Stage    = var.stage_name
          Resource = "/orders"
          Method   = "POST"
        }
        statistic = "Average" # a failed request counts 1 and any other 0: it is the share of the failed ones
        periods   = 2
        threshold = 0.01
        means     = "More than 1 % of the placed orders are answered with 5xx: customers cannot order."
        action    = "Look into the order validator's log, and whether the orders stream refuses records."
      }

      restaurant_pos_failures = {
        namespace = "AWS/ApiGateway"
        metric    = "5XXError"
        dimensions = {
          ApiName  = aws_api_gateway_rest_api.this.name
          Stage    = var.stage_name
          Resource = "/pos/{restaurant_id}"
          Method   = "POST"
        }
        statistic = "Average"
        periods   = 3
        threshold = 0.05
        means     = "More than 5 % of the calls to the restaurants' POS systems fail: orders wait in their queue."
        action    = "Find the restaurants in the API's access log, and ask the operator of the POS systems."
      }

      matcher_duration_p99 = {
        namespace  = "AWS/Lambda"
        metric     = "Duration"
        dimensions = { FunctionName = local.function_names.matcher }
        statistic  = null
        percentile = "p99"
        periods    = 3
        threshold  = var.alarm_p99_threshold_ms
        means      = "One matching in a hundred takes longer than it may: customers wait for a driver."
        action     = "Look at the matcher's traces, at Redis' CPU and at refused table requests, or add memory."
      }

      orders_without_driver = {
        namespace  = local.fulfillment_namespace
        metric     = local.fulfillment_metric_names.orders_without_driver
        dimensions = {}
        threshold  = ceil(local.orders_per_period * 0.05)
        means      = "The matcher finds no driver for many orders."
        action     = "See that positions are read in time (after five minutes they are void), then ask for drivers."
      }
    },

    { for role, stream in local.streams : "${role}_get_records_latency" => {
      namespace  = "AWS/Kinesis"
      metric     = "GetRecords.Latency"
      dimensions = { StreamName = stream.name }
      statistic  = "Average"
      periods    = 3
      threshold  = 500 # ms; a healthy stream answers within tens of them
      means      = "Reading the ${role} stream is slow."
      action     = "See whether a shard is at its limit of 2 MB or 5 reads a second, then look at AWS Health."
    } },

    { for role, stream in local.streams : "${role}_stream_throttled" => {
      namespace  = "AWS/Kinesis"
      metric     = "WriteProvisionedThroughputExceeded"
      dimensions = { StreamName = stream.name }
      periods    = 2
      threshold  = 0
      means      = "The ${role} stream refuses records, and their writers must send them again."
      action     = "Look for one partition key that takes most of them; otherwise raise ${role}_shard_count."
    } },

    { for role in local.stream_consumers : "${role}_iterator_age" => {
      namespace  = "AWS/Lambda"
      metric     = "IteratorAge"
      dimensions = { FunctionName = local.function_names[role] }
      statistic  = "Maximum"
      period     = 60
      periods    = 5
      threshold  = 60000 # ms
      means      = "The function ${local.function_names[role]} is more than a minute behind its stream."
      action     = "Look for an error that blocks a shard, for throttles, then for want of memory or parallel batches."
    } },

    # What comes from a stream, a queue or an asynchronous call is tried again, so that one error for a thousand orders is
    # nobody's business yet; failures of the APIs and of the settlement have alarms of their own.
    { for role, name in local.function_names : "${role}_errors" => {
      namespace  = "AWS/Lambda"
      metric     = "Errors"
      dimensions = { FunctionName = name }
      threshold  = floor(local.orders_per_period / 1000)
      means      = "The function ${name} raises errors or runs out of time."
      action     = "Look into its log for level ERROR. Most of what fails is tried again, and ends as a dead letter."
    } },

    { for role, name in local.function_names : "${role}_throttles" => {
      namespace  = "AWS/Lambda"
      metric     = "Throttles"
      dimensions = { FunctionName = name }
      periods    = 2
      threshold  = 0
      means      = "The function ${name} is not started as often as it is asked for."
      action     = "Compare its concurrency with reserved_concurrent_executions, and the account's with its quota."
    } },

    # Each order is a message for each stage that the consumer hears of; the threshold is what comes in five minutes.
    { for role, consumer in local.consumers : "${role}_queue_backlog" => {
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = consumer.queue }
      statistic  = "Maximum"
      periods    = 2
      threshold  = local.orders_per_period * length(consumer.stages)
      means      = "More messages wait in ${consumer.queue} than a busy five minutes bring."
      action     = "See whether the ${role} consumer fails, is throttled, or waits for a slow system behind it."
    } },

    { for role, consumer in local.consumers : "${role}_queue_age" => {
      namespace  = "AWS/SQS"
      metric     = "ApproximateAgeOfOldestMessage"
      dimensions = { QueueName = consumer.queue }
      statistic  = "Maximum"
      threshold  = 2 * var.visibility_timeout_seconds # one retry is nothing to wake anybody for
      means      = "A message in ${consumer.queue} was tried twice without success, or waits for its first try."
      action     = "Find its order in the ${role} consumer's log before it becomes a dead letter."
    } },

    { for role, queue in local.dead_letter_queues : "${role}_dead_letters" => {
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = queue }
      statistic  = "Maximum"
      threshold  = 0
      means      = "Something was given up, and lies in ${queue} for 14 days."
      action     = "Read it, mend the cause, send it again. Of records of a stream it holds the places only."
    } },

    { for role, share in local.tolerated_delivery_failures : "${role}_delivery_failures" => {
      namespace  = "AWS/SNS"
      metric     = "NumberOfNotificationsFailed"
      dimensions = { TopicName = local.topics[role] }
      threshold  = ceil(local.orders_per_period * length(local.consumers.customer.stages) * share)
      means      = "SNS gives up delivering messages of the topic ${local.topics[role]}."
      action     = "Look at the policies of the key and the queues, or at the endpoint's certificate and answers."
    } },

    { for key, instance in aws_rds_cluster_instance.this : "aurora_${key}_connections" => {
      namespace  = "AWS/RDS"
      metric     = "DatabaseConnections"
      dimensions = { DBInstanceIdentifier = instance.identifier }
      statistic  = "Maximum"
      periods    = 3
      threshold  = floor(local.aurora_max_connections * 0.8)
      means      = "Four fifths of the connections of ${instance.identifier} are in use; soon it turns functions away."
      action     = "Look for a function that does not use its connections again, or limit its concurrency."
    } },

    # By instance: of the cluster there is only the average, which an idle reader halves.
    { for key, instance in aws_rds_cluster_instance.this : "aurora_${key}_capacity" => {
      namespace  = "AWS/RDS"
      metric     = "ACUUtilization"
      dimensions = { DBInstanceIdentifier = instance.identifier }
      statistic  = "Maximum"
      periods    = 3
      threshold  = 90
      means      = "${instance.identifier} is close to the capacity that it may grow to, for a quarter of an hour."
      action     = "Look for slow queries; if the load is real, raise max_capacity."
    } },

    { for node in local.redis_nodes : "redis_${node}_memory" => {
      namespace  = "AWS/ElastiCache"
      metric     = "DatabaseMemoryUsagePercentage"
      dimensions = { CacheClusterId = "${local.redis_name}-${node}" }
      statistic  = "Maximum"
      periods    = 3
      threshold  = 80
      means      = "Redis node ${node} is four fifths full."
      action     = "Look for keys that should expire; if there are none, raise num_cache_clusters, or node_type."
    } },

    { for node in local.redis_nodes : "redis_${node}_evictions" => {
      namespace  = "AWS/ElastiCache"
      metric     = "Evictions"
      dimensions = { CacheClusterId = "${local.redis_name}-${node}" }
      threshold  = 0
      means      = "Redis node ${node} drops restaurants' profiles to make room; soon it refuses positions and prices."
      action     = "Add memory now, then look for what grew."
    } },

    { for node in local.redis_nodes : "redis_${node}_cpu" => {
      namespace  = "AWS/ElastiCache"
      metric     = "EngineCPUUtilization"
      dimensions = { CacheClusterId = "${local.redis_name}-${node}" }
      statistic  = "Maximum"
      periods    = 3
      threshold  = 80
      means      = "The one thread of Redis node ${node} that runs all commands has no time left."
      action     = "Look into the slow log for wide searches; a region lies on one shard, and may have outgrown it."
    } },
  )

  # As above, over several metrics at once. Zeros stand for missing data: without any, an alarm on DynamoDB's metrics
  # keeps its state, whatever treat_missing_data says, and would never end.
  math_alarm_defaults = {
    expression = "SUM(FILL(METRICS(), 0))"
    statistic  = "Sum"
    period     = 300
    periods    = 1
  }

  # A table and each of its indexes refuse requests for themselves.
  throttle_sources = {
    for role, table in local.tables : role => merge(
      { table = { TableName = table.name } },
      { for index in keys(table.indexes) : index => { TableName = table.name, GlobalSecondaryIndexName = index } },
    )
  }

  math_alarms = merge(
    {
      # API Gateway counts a failure by its place only: before, at, or in the function behind the route.
      websocket_connection_failures = {
        namespace = "AWS/ApiGateway"
        metrics = { for place in ["Client", "Execution", "Integration"] : lower(place) => {
          name       = "${place}Error"
          dimensions = { ApiId = aws_apigatewayv2_api.websocket.id, Stage = var.stage_name }
        } }
        threshold = ceil(local.capacity.websocket_connections / 200) # one in a hundred that are opened in five minutes
        means     = "WebSocket connections fail: customers do not see their orders, and drivers get no work."
        action    = "Look into the API's access log for route and status, then into the log of the function behind it."
      }

      earnings_failures = {
        namespace = "AWS/States"
        metrics = { for end in ["Aborted", "Failed", "TimedOut"] : lower(end) => {
          name       = "Executions${end}"
          dimensions = { StateMachineArn = local.earnings_workflow_arn }
        } }
        threshold = 0
        means     = "The settlement did not finish: some drivers are not paid."
        action    = "Look at the execution for the state that failed, mend it, start it again: nobody is paid twice."
      }

      # A partition takes 1,000 writes or 3,000 reads a second, whatever its table may; this is what was refused for it.
      orders_hot_partition = {
        namespace = "AWS/DynamoDB"
        metrics = merge([for source, dimensions in local.throttle_sources.orders : {
          for way in ["Read", "Write"] : "${source}_${lower(way)}" => {
            name       = "${way}KeyRangeThroughputThrottleEvents"
            dimensions = dimensions
          }
        }]...)
        threshold = 0
        means     = "A partition of ${local.tables.orders.name}, or of its index, gets more requests than one can take."
        action    = "Contributor Insights names the key: an order or a driver that somebody asks for in a loop?"
      }
    },

    { for role, table in local.tables : "${role}_table_throttled" => {
      namespace = "AWS/DynamoDB"
      metrics = merge([for source, dimensions in local.throttle_sources[role] : {
        for way in ["Read", "Write"] : "${source}_${lower(way)}" => {
          name       = "${way}ThrottleEvents"
          dimensions = dimensions
        }
      }]...)
      periods   = 2
      threshold = 0
      means     = "The table ${table.name}, or an index of it, refuses requests."
      action    = "Compare what it uses with its ceilings (rcu, wcu, websocket_connections), and raise them."
    } },

    # A node that is all but empty has a high ratio, which says nothing.
    { for node in local.redis_nodes : "redis_${node}_fragmentation" => {
      namespace = "AWS/ElastiCache"
      metrics = {
        for id, name in { ratio = "MemoryFragmentationRatio", usage = "DatabaseMemoryUsagePercentage" } :
        id => { name = name, dimensions = { CacheClusterId = "${local.redis_name}-${node}" } }
      }
      expression = "IF(usage > 10, ratio, 1)"
      statistic  = "Average"
      periods    = 3
      threshold  = 1.5
      means      = "Redis node ${node} takes half as much memory again as its data needs."
      action     = "See whether many keys were deleted; a failover to the shard's other node gives the memory back."
    } },
  )

  alarm_names = {
    for role in concat(keys(local.metric_alarms), keys(local.math_alarms)) :
    role => "${local.name}-${replace(role, "_", "-")}"
  }
}

resource "aws_cloudwatch_metric_alarm" "metric" {
  for_each = { for role, alarm in local.metric_alarms : role => merge(local.alarm_defaults, alarm) }

  alarm_name        = local.alarm_names[each.key]
  alarm_description = "${each.value.means} ${each.value.action}"
  alarm_actions     = [aws_sns_topic.this["alarms"].arn]
  ok_actions        = [aws_sns_topic.this["alarms"].arn]

  namespace          = each.value.namespace
  metric_name        = each.value.metric
  dimensions         = each.value.dimensions
  statistic          = each.value.statistic
  extended_statistic = each.value.percentile
  period             = each.value.period

  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching" # nobody ordered, nothing failed

  # A handful of runs has no hundredth part; the alarm keeps its state until there are enough.
  evaluate_low_sample_count_percentiles = each.value.percentile == null ? null : "ignore"
}

resource "aws_cloudwatch_metric_alarm" "math" {
  for_each = { for role, alarm in local.math_alarms : role => merge(local.math_alarm_defaults, alarm) }

  alarm_name        = local.alarm_names[each.key]
  alarm_description = "${each.value.means} ${each.value.action}"
  alarm_actions     = [aws_sns_topic.this["alarms"].arn]
  ok_actions        = [aws_sns_topic.this["alarms"].arn]

  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "result"
    label       = each.key
    expression  = each.value.expression
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id = metric_query.key

      metric {
        namespace   = each.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        stat        = each.value.statistic
        period      = each.value.period
      }
    }
  }
}

# A warning, not an error: more shards are never wrong, but somebody has to watch them.
check "redis_nodes_have_alarms" {
  assert {
    condition     = var.num_cache_clusters <= length(local.redis_nodes)
    error_message = "Not all nodes of num_cache_clusters (${var.num_cache_clusters}) have alarms: add them to local.redis_nodes."
  }
}

# Names the keys that are asked for, and refused, most.
resource "aws_dynamodb_contributor_insights" "orders" {
  for_each = merge({ table = null }, { for index in keys(local.tables.orders.indexes) : index => index })

  table_name = aws_dynamodb_table.this["orders"].name
  index_name = each.value
}

locals {
  alarm_arns = { for role, name in local.alarm_names : role => "${local.arn.cloudwatch}:alarm:${name}" }

  # Whose metrics a graph shows: by label, the dimensions as pairs of name and value. Names instead of IDs, so that the
  # dashboard's body is known before anything exists.
  dashboard_series = {
    orders_api = {
      namespace  = "AWS/ApiGateway"
      dimensions = { "" = ["ApiName", aws_api_gateway_rest_api.this.name, "Stage", var.stage_name] }
    }
    streams = {
      namespace  = "AWS/Kinesis"
      dimensions = { for role, stream in local.streams : role => ["StreamName", stream.name] }
    }
    functions = {
      namespace  = "AWS/Lambda"
      dimensions = { for role, name in local.function_names : role => ["FunctionName", name] }
    }
    websocket_functions = {
      namespace = "AWS/Lambda"
      dimensions = {
        for role, name in local.function_names : role => ["FunctionName", name] if startswith(role, "websocket_")
      }
    }
    stream_consumers = {
      namespace  = "AWS/Lambda"
      dimensions = { for role in local.stream_consumers : role => ["FunctionName", local.function_names[role]] }
    }
    matcher = {
      namespace  = "AWS/Lambda"
      dimensions = { "" = ["FunctionName", local.function_names.matcher] }
    }
    tables = {
      namespace  = "AWS/DynamoDB"
      dimensions = { for role, table in local.tables : role => ["TableName", table.name] }
    }
    queues = {
      namespace  = "AWS/SQS"
      dimensions = { for role, consumer in local.consumers : role => ["QueueName", consumer.queue] }
    }
    dead_letters = {
      namespace  = "AWS/SQS"
      dimensions = { for role, queue in local.dead_letter_queues : role => ["QueueName", queue] }
    }
    topics = {
      namespace  = "AWS/SNS"
      dimensions = { for role in keys(local.tolerated_delivery_failures) : role => ["TopicName", local.topics[role]] }
    }
    aurora = {
      namespace = "AWS/RDS"
      dimensions = {
        for key, instance in aws_rds_cluster_instance.this : key => ["DBInstanceIdentifier", instance.identifier]
      }
    }
    settlement = {
      namespace  = "AWS/States"
      dimensions = { "" = ["StateMachineArn", local.earnings_workflow_arn] }
    }
    fulfillment = {
      namespace  = local.fulfillment_namespace
      dimensions = { "" = [] }
    }
  }

  # All nodes of Redis, by a search: the number of shards is one of the things that differ.
  redis_search = "{AWS/ElastiCache,CacheClusterId} ${local.redis_name} AND MetricName="

  # Rows in the order of the data flow. No thresholds: the alarms have them, and they are not the same everywhere.
  dashboard_rows = [
    {
      title = "Traffic"
      graphs = [
        { title = "Orders API: requests", of = "orders_api", metrics = ["Count", "4XXError", "5XXError"] },
        { title = "Orders API: latency (ms)", of = "orders_api", metrics = ["Latency"], stats = ["p50", "p99"] },
        { title = "WebSocket: connects, disconnects, messages", of = "websocket_functions", metrics = ["Invocations"] },

        # The WebSocket API's own metrics want its ID, which is not known yet; its alarm is known by name.
        {
          title      = "WebSocket: connection failures"
          properties = { annotations = { alarms = [local.alarm_arns.websocket_connection_failures] } }
        },
      ]
    },
    {
      title = "Streams"
      graphs = [
        { title = "Records written", of = "streams", metrics = ["IncomingRecords"] },
        { title = "Records refused", of = "streams", metrics = ["WriteProvisionedThroughputExceeded"] },
        { title = "GetRecords latency (ms)", of = "streams", metrics = ["GetRecords.Latency"], stats = ["Average"] },
        { title = "Consumers behind (ms)", of = "stream_consumers", metrics = ["IteratorAge"], stats = ["Maximum"] },
      ]
    },
    {
      title = "Functions"
      graphs = [
        { title = "Invocations", of = "functions", metrics = ["Invocations"] },
        { title = "Errors", of = "functions", metrics = ["Errors"] },
        { title = "Throttles", of = "functions", metrics = ["Throttles"] },
        { title = "At once", of = "functions", metrics = ["ConcurrentExecutions"], stats = ["Maximum"] },
      ]
    },
    {
      title = "Matching"
      graphs = [
        { title = "Matcher (ms)", of = "matcher", metrics = ["Duration"], stats = ["p50", "p90", "p99"] },
        { title = "Orders matched", of = "fulfillment", metrics = ["OrdersAssigned", "OrdersWithoutDriver"] },
      ]
    },
    {
      title = "Tables"
      graphs = [
        { title = "Read units", of = "tables", metrics = ["ConsumedReadCapacityUnits"] },
        { title = "Write units", of = "tables", metrics = ["ConsumedWriteCapacityUnits"] },
        { title = "Reads refused", of = "tables", metrics = ["ReadThrottleEvents"] },
        { title = "Writes refused", of = "tables", metrics = ["WriteThrottleEvents"] },
      ]
    },
    {
      title = "Queues"
      graphs = [
        { title = "Messages", of = "queues", metrics = ["ApproximateNumberOfMessagesVisible"], stats = ["Maximum"] },
        { title = "Oldest (s)", of = "queues", metrics = ["ApproximateAgeOfOldestMessage"], stats = ["Maximum"] },
        { title = "Dead", of = "dead_letters", metrics = ["ApproximateNumberOfMessagesVisible"], stats = ["Maximum"] },
        { title = "Notifications not delivered", of = "topics", metrics = ["NumberOfNotificationsFailed"] },
      ]
    },
    {
      title = "Redis"
      graphs = [
        for title, metric in {
          "CPU (%)"       = "EngineCPUUtilization"
          "Connections"   = "CurrConnections"
          "Fragmentation" = "MemoryFragmentationRatio"
          "Memory (%)"    = "DatabaseMemoryUsagePercentage"
          } : {
          title      = title
          properties = { metrics = [[{ expression = "SEARCH('${local.redis_search}\"${metric}\"', 'Average', 300)" }]] }
        }
      ]
    },
    {
      title = "Aurora"
      graphs = [
        { title = "Connections", of = "aurora", metrics = ["DatabaseConnections"], stats = ["Maximum"] },
        { title = "Capacity used (%)", of = "aurora", metrics = ["ACUUtilization"], stats = ["Maximum"] },
        { title = "Capacity (ACU)", of = "aurora", metrics = ["ServerlessDatabaseCapacity"], stats = ["Maximum"] },
        { title = "Commit latency (ms)", of = "aurora", metrics = ["CommitLatency"], stats = ["Average"] },
      ]
    },
    {
      title = "Settlement"
      graphs = [
        {
          title   = "Executions"
          of      = "settlement"
          metrics = [for end in ["Started", "Succeeded", "Failed", "TimedOut", "Aborted"] : "Executions${end}"]
        },
        { title = "Duration (ms)", of = "settlement", metrics = ["ExecutionTime"], stats = ["Maximum"] },
        { title = "Drivers settled", of = "fulfillment", metrics = ["DriversSettled"] },
      ]
    },
    {
      title = "Fulfillment"
      graphs = [
        {
          title   = "Orders"
          of      = "fulfillment"
          metrics = ["OrdersPlaced", "OrdersAssigned", "OrdersAccepted", "OrdersPickedUp", "OrdersDelivered"]
        },
        { title = "Orders refused", of = "fulfillment", metrics = ["OrdersRefused"] },
        { title = "Delivery time (min)", of = "fulfillment", metrics = ["DeliveryMinutes"], stats = ["p50", "p90"] },
      ]
    },
  ]

  # A graph's lines: each of its metrics with each of its statistics, for each of the series.
  dashboard_graphs = [for row in local.dashboard_rows : [for graph in row.graphs : merge(
    { title = graph.title, region = var.aws_region, view = "timeSeries", stacked = false, stat = "Sum", period = 300 },
    try(graph.properties, {
      metrics = concat([for label, dimensions in local.dashboard_series[graph.of].dimensions : [
        for line in setproduct(graph.metrics, try(graph.stats, ["Sum"])) : concat(
          [local.dashboard_series[graph.of].namespace, line[0]],
          dimensions,
          [{ stat = line[1], label = coalesce(label, length(try(graph.stats, [])) > 1 ? line[1] : line[0]) }],
        )
      ]]...)
    }),
  )]]

  # The grid has 24 columns. A row is a line with its title, and six lines of graphs side by side; one widget takes no
  # more than 100 alarms.
  dashboard_widgets = concat(
    flatten([for y, row in local.dashboard_rows : concat(
      [{ type = "text", x = 0, y = y * 7, width = 24, height = 1, properties = { markdown = "## ${row.title}" } }],
      [for x, graph in local.dashboard_graphs[y] : {
        type       = "metric"
        x          = x * floor(24 / length(row.graphs))
        y          = y * 7 + 1
        width      = floor(24 / length(row.graphs))
        height     = 6
        properties = graph
      }],
    )]),
    [for index, arns in chunklist([for role in sort(keys(local.alarm_arns)) : local.alarm_arns[role]], 100) : {
      type       = "alarm"
      x          = 0
      y          = (length(local.dashboard_rows) + index) * 7
      width      = 24
      height     = 7
      properties = { title = "Alarms", alarms = arns }
    }],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.name
  dashboard_body = jsonencode({ widgets = local.dashboard_widgets })
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
# Outputs: API Gateway
################################################################################

output "websocket_api_invoke_url" {
  description = "Where clients open their connections (wss)."
  value       = aws_apigatewayv2_stage.websocket.invoke_url
}

output "rest_api_invoke_url" {
  description = "Where customers place their orders."
  value       = "${aws_api_gateway_stage.rest.invoke_url}/${aws_api_gateway_resource.orders.path_part}"
}

output "rest_api_client_certificate" {
  description = "Certificate that the restaurants' POS systems have to trust, as PEM; it is public."
  value       = aws_api_gateway_client_certificate.pos.pem_encoded_certificate
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
# Outputs: Redis
################################################################################

output "redis_configuration_endpoint" {
  description = "Address at which cluster clients ask which shard has what."
  value       = aws_elasticache_replication_group.this.configuration_endpoint_address
}

output "redis_port" {
  description = "Port of every Redis node, TLS only."
  value       = aws_elasticache_replication_group.this.port
}

output "redis_secret_arn" {
  description = "ARN of the secret with Redis's AUTH token."
  value       = aws_secretsmanager_secret.redis.arn
}

################################################################################
# Outputs: Aurora
################################################################################

output "aurora_writer_endpoint" {
  description = "Address of Aurora's writer, whichever instance it is."
  value       = aws_rds_cluster.this.endpoint
}

output "aurora_reader_endpoint" {
  description = "Address of Aurora's reader."
  value       = aws_rds_cluster.this.reader_endpoint
}

output "aurora_port" {
  description = "Port of both Aurora endpoints, TLS only."
  value       = aws_rds_cluster.this.port
}

output "aurora_secret_arn" {
  description = "ARN of the secret with the master user's name and password, which RDS made and rotates."
  value       = aws_rds_cluster.this.master_user_secret[0].secret_arn
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
# Outputs: S3
################################################################################

output "s3_bucket_names" {
  description = "Names of the buckets, by role."
  value       = { for role, bucket in aws_s3_bucket.this : role => bucket.id }
}

################################################################################
# Outputs: Step Functions
################################################################################

output "step_functions_arn" {
  description = "ARN of the state machine that settles drivers' earnings."
  value       = aws_sfn_state_machine.earnings.arn
}

################################################################################
# Outputs: CloudWatch
################################################################################

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "alarm_arns" {
  description = "ARNs of the alarms, by role."

  value = {
    for role, alarm in merge(aws_cloudwatch_metric_alarm.metric, aws_cloudwatch_metric_alarm.math) : role => alarm.arn
  }
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
# max_capacity = 4
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
# reserved_concurrent_executions = 10
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
# reserved_concurrent_executions = 40
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
