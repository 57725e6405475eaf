variable "account_id" {
  description = "Account that the environment lives in."
  type        = string
}

variable "application" {
  description = "Prefix of all names."
  type        = string
}

variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "image_memory" {
  description = "Memory of the function that resizes images, in MB."
  type        = number
  default     = 512
}

variable "log_retention_days" {
  type    = number
  default = 14
}

variable "alarm_email" {
  type = string
}

variable "multi_az" {
  description = "Whether the database has a standby."
  type        = bool
  default     = false
}

variable "database_class" {
  type = string
}

variable "database_password" {
  type      = string
  sensitive = true
  default   = "set-outside"
}

variable "subnet_ids" {
  type = list(string)
}
