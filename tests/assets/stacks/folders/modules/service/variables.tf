variable "environment" {
  type = string
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "cidr" {
  type = string
}

variable "image" {
  type = string
}

variable "certificate_arn" {
  type = string
}

variable "cpu" {
  type    = number
  default = 256
}

variable "memory" {
  type    = number
  default = 512
}

variable "workers" {
  type    = number
  default = 2
}

variable "tasks" {
  type    = number
  default = 2
}

variable "deletion_protection" {
  type    = bool
  default = true
}
