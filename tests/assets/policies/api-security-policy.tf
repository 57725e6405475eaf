resource "terraform_data" "later" {
  input = "TLS_1_0"
}

resource "aws_api_gateway_domain_name" "pass_modern" {
  domain_name              = "a.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
  security_policy          = "TLS_1_2"
}

resource "aws_api_gateway_domain_name" "fail_old" {
  domain_name              = "b.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
  security_policy          = "TLS_1_0"
}

resource "aws_api_gateway_domain_name" "fail_default" {
  domain_name              = "c.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_api_gateway_domain_name" "unknown_policy" {
  domain_name              = "d.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
  security_policy          = terraform_data.later.output
}

resource "aws_apigatewayv2_domain_name" "pass_modern" {
  domain_name = "e.example.com"

  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}
