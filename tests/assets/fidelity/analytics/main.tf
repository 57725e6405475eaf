# Lakes, searches and models.
resource "aws_glue_catalog_database" "main" {
  name = "main"
}

resource "aws_glue_catalog_table" "orders" {
  name          = "orders"
  database_name = aws_glue_catalog_database.main.name
  table_type    = "EXTERNAL_TABLE"
  parameters    = { EXTERNAL = "TRUE" }
  storage_descriptor {
    location      = "s3://example/orders"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    columns {
      name = "id"
      type = "string"
    }
    columns {
      name    = "total"
      type    = "double"
      comment = "sum"
    }
    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
  }
  partition_keys {
    name = "day"
    type = "string"
  }
}

resource "aws_glue_crawler" "main" {
  name          = "main"
  database_name = aws_glue_catalog_database.main.name
  role          = "arn:aws:iam::123456789012:role/glue"
  s3_target {
    path = "s3://example/orders"
  }
}

resource "aws_glue_job" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/glue"
  command {
    script_location = "s3://example/job.py"
  }
  default_arguments = { "--job-language" = "python" }
}

resource "aws_glue_trigger" "main" {
  name     = "main"
  type     = "SCHEDULED"
  schedule = "cron(15 12 * * ? *)"
  actions {
    job_name = aws_glue_job.main.name
  }
}

resource "aws_athena_workgroup" "main" {
  name = "main"
  configuration {
    result_configuration {
      output_location = "s3://example/output/"
      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

resource "aws_athena_database" "main" {
  name   = "main"
  bucket = "example"
}

resource "aws_athena_named_query" "all" {
  name      = "all"
  workgroup = aws_athena_workgroup.main.id
  database  = aws_athena_database.main.name
  query     = "SELECT * FROM orders"
}

resource "aws_opensearch_domain" "main" {
  domain_name    = "main"
  engine_version = "OpenSearch_2.11"
  cluster_config {
    instance_type  = "t3.small.search"
    instance_count = 2
  }
  ebs_options {
    ebs_enabled = true
    volume_size = 10
  }
  encrypt_at_rest {
    enabled = true
  }
  node_to_node_encryption {
    enabled = true
  }
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}

resource "aws_opensearch_domain" "plain" {
  domain_name = "plain"
}

resource "aws_elasticsearch_domain" "main" {
  domain_name           = "old"
  elasticsearch_version = "7.10"
  ebs_options {
    ebs_enabled = true
    volume_size = 10
  }
}

resource "aws_emr_cluster" "main" {
  name          = "main"
  release_label = "emr-6.15.0"
  applications  = ["Spark"]
  service_role  = "arn:aws:iam::123456789012:role/emr"
  ec2_attributes {
    subnet_id        = "subnet-11111111"
    instance_profile = "arn:aws:iam::123456789012:instance-profile/emr"
  }
  master_instance_group {
    instance_type = "m5.xlarge"
  }
  core_instance_group {
    instance_type  = "m5.xlarge"
    instance_count = 2
    ebs_config {
      size                 = 40
      type                 = "gp2"
      volumes_per_instance = 1
    }
  }
}

resource "aws_sagemaker_notebook_instance" "main" {
  name          = "main"
  role_arn      = "arn:aws:iam::123456789012:role/sagemaker"
  instance_type = "ml.t3.medium"
}

resource "aws_sagemaker_model" "main" {
  name               = "main"
  execution_role_arn = "arn:aws:iam::123456789012:role/sagemaker"
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/model:latest"
  }
}

resource "aws_sagemaker_endpoint_configuration" "main" {
  name = "main"
  production_variants {
    variant_name           = "a"
    model_name             = aws_sagemaker_model.main.name
    initial_instance_count = 1
    instance_type          = "ml.t2.medium"
  }
}

resource "aws_sagemaker_endpoint" "main" {
  name                 = "main"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.main.name
}

resource "aws_lakeformation_resource" "main" {
  arn = "arn:aws:s3:::example"
}

resource "aws_kinesis_analytics_application" "main" {
  name = "main"
}

resource "aws_quicksight_group" "main" {
  aws_account_id = "123456789012"
  group_name     = "main"
}

resource "aws_mwaa_environment" "main" {
  dag_s3_path        = "dags/"
  execution_role_arn = "arn:aws:iam::123456789012:role/airflow"
  name               = "main"
  source_bucket_arn  = "arn:aws:s3:::example"
  network_configuration {
    security_group_ids = ["sg-11111111"]
    subnet_ids         = ["subnet-11111111", "subnet-22222222"]
  }
}

resource "aws_redshiftserverless_namespace" "main" {
  namespace_name = "main"
}

resource "aws_redshiftserverless_workgroup" "main" {
  namespace_name = aws_redshiftserverless_namespace.main.namespace_name
  workgroup_name = "main"
}
