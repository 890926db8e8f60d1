# Everything of the vendor's provider that is about this server's registry, except what terraform.test.ts lists.

terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}

variable "host" {}
variable "access_key" {}
variable "secret_key" {}
variable "instance_id" {}
variable "summary" {}
# The list of the internet endpoint belongs either to one resource as a whole, or to a resource for each entry.
variable "entry_by_entry" { type = bool }

provider "alicloud" {
  access_key             = var.access_key
  secret_key             = var.secret_key
  region                 = "local"
  protocol               = "HTTP"
  skip_region_validation = true
  endpoints {
    cr  = var.host
    ram = var.host
    ims = var.host
    sts = var.host
  }
}

resource "alicloud_cr_ee_namespace" "apps" {
  instance_id        = var.instance_id
  name               = "tf-apps"
  auto_create        = false
  default_visibility = "PRIVATE"
}

resource "alicloud_cr_ee_repo" "web" {
  instance_id      = var.instance_id
  namespace        = alicloud_cr_ee_namespace.apps.name
  name             = "web"
  repo_type        = "PRIVATE"
  summary          = var.summary
  detail           = "made by Terraform"
  tag_immutability = true
}

resource "alicloud_cr_ee_repo" "copy" {
  instance_id = var.instance_id
  namespace   = alicloud_cr_ee_namespace.apps.name
  name        = "copy"
  repo_type   = "PRIVATE"
  summary     = "the target of the sync rule"
}

resource "alicloud_cr_ee_sync_rule" "copy" {
  instance_id           = var.instance_id
  namespace_name        = alicloud_cr_ee_namespace.apps.name
  repo_name             = alicloud_cr_ee_repo.web.name
  sync_rule_name        = "copy"
  target_instance_id    = var.instance_id
  target_region_id      = "local"
  target_namespace_name = alicloud_cr_ee_namespace.apps.name
  target_repo_name      = alicloud_cr_ee_repo.copy.name
  tag_filter            = "v.*"
}

resource "alicloud_cr_artifact_lifecycle_rule" "weekly" {
  instance_id         = var.instance_id
  namespace_name      = alicloud_cr_ee_namespace.apps.name
  repo_name           = alicloud_cr_ee_repo.web.name
  scope               = "REPO"
  auto                = true
  schedule_time       = "WEEK"
  retention_tag_count = 30
  tag_regexp          = ".*"
}

resource "alicloud_cr_artifact_subscription_rule" "alpine" {
  instance_id           = var.instance_id
  source_provider       = "DOCKER_HUB"
  source_namespace_name = "library"
  source_repo_name      = "alpine"
  namespace_name        = alicloud_cr_ee_namespace.apps.name
  repo_name             = alicloud_cr_ee_repo.copy.name
  tag_regexp            = "3.*"
  tag_count             = 5
  override              = true
  accelerate            = false
  platform              = ["linux/amd64", "linux/arm64"]
}

resource "alicloud_cr_scan_rule" "web" {
  instance_id             = var.instance_id
  rule_name               = "web"
  scan_type               = "VUL"
  scan_scope              = "REPO"
  trigger_type            = "MANUAL"
  namespaces              = [alicloud_cr_ee_namespace.apps.name]
  repo_names              = [alicloud_cr_ee_repo.web.name]
  repo_tag_filter_pattern = ".*"
}

resource "alicloud_cr_chart_namespace" "charts" {
  instance_id       = var.instance_id
  namespace_name    = "tf-charts"
  auto_create_repo  = false
  default_repo_type = "PRIVATE"
}

resource "alicloud_cr_chart_repository" "web" {
  instance_id         = var.instance_id
  repo_namespace_name = alicloud_cr_chart_namespace.charts.namespace_name
  repo_name           = "web"
  repo_type           = "PRIVATE"
  summary             = var.summary
}

resource "alicloud_cr_internet_endpoint" "public" {
  count       = var.entry_by_entry ? 0 : 1
  instance_id = var.instance_id
  entries {
    entry   = "192.0.2.0/24"
    comment = "office"
  }
}

data "alicloud_cr_endpoint_acl_service" "public" {
  count         = var.entry_by_entry ? 1 : 0
  instance_id   = var.instance_id
  endpoint_type = "internet"
  module_name   = "Registry"
  enable        = true
}

resource "alicloud_cr_endpoint_acl_policy" "lab" {
  count         = var.entry_by_entry ? 1 : 0
  instance_id   = data.alicloud_cr_endpoint_acl_service.public[0].instance_id
  endpoint_type = "internet"
  module_name   = "Registry"
  entry         = "198.51.100.0/24"
  description   = "lab"
  # Here and below: what the provider does not read back, so that an import would change it.
  lifecycle {
    ignore_changes = [module_name]
  }
}

resource "alicloud_cr_vpc_endpoint_linked_vpc" "lab" {
  instance_id                      = var.instance_id
  vpc_id                           = "vpc-1"
  vswitch_id                       = "vsw-1"
  module_name                      = "Registry"
  enable_create_dns_record_in_pvzt = false
  lifecycle {
    ignore_changes = [enable_create_dns_record_in_pvzt]
  }
}

locals {
  nodes = {
    DOCKER_IMAGE_BUILD     = true
    DOCKER_IMAGE_PUSH      = true
    VULNERABILITY_SCANNING = true
    ACTIVATE_REPLICATION   = true
    TRIGGER                = true
    SNAPSHOT               = false
    TRIGGER_SNAPSHOT       = false
  }
  routes = [
    ["DOCKER_IMAGE_BUILD", "DOCKER_IMAGE_PUSH"],
    ["DOCKER_IMAGE_PUSH", "VULNERABILITY_SCANNING"],
    ["VULNERABILITY_SCANNING", "ACTIVATE_REPLICATION"],
    ["ACTIVATE_REPLICATION", "TRIGGER"],
    ["VULNERABILITY_SCANNING", "SNAPSHOT"],
    ["SNAPSHOT", "TRIGGER_SNAPSHOT"],
  ]
}

resource "alicloud_cr_chain" "release" {
  instance_id         = var.instance_id
  chain_name          = "release"
  description         = var.summary
  repo_namespace_name = alicloud_cr_ee_namespace.apps.name
  repo_name           = alicloud_cr_ee_repo.web.name
  lifecycle {
    ignore_changes = [repo_namespace_name, repo_name]
  }
  chain_config {
    dynamic "routers" {
      for_each = local.routes
      content {
        from {
          node_name = routers.value[0]
        }
        to {
          node_name = routers.value[1]
        }
      }
    }
    dynamic "nodes" {
      for_each = ["DOCKER_IMAGE_BUILD", "DOCKER_IMAGE_PUSH", "VULNERABILITY_SCANNING", "ACTIVATE_REPLICATION", "TRIGGER", "SNAPSHOT", "TRIGGER_SNAPSHOT"]
      content {
        enable    = local.nodes[nodes.value]
        node_name = nodes.value
        node_config {
          deny_policy {
            issue_level = nodes.value == "VULNERABILITY_SCANNING" ? "MEDIUM" : null
            issue_count = nodes.value == "VULNERABILITY_SCANNING" ? 1 : null
            action      = nodes.value == "VULNERABILITY_SCANNING" ? "BLOCK_DELETE_TAG" : null
            logic       = nodes.value == "VULNERABILITY_SCANNING" ? "AND" : null
          }
        }
      }
    }
  }
}

data "alicloud_cr_ee_instances" "all" {
  ids            = [var.instance_id]
  enable_details = true
}

data "alicloud_cr_ee_namespaces" "all" {
  instance_id = var.instance_id
  name_regex  = alicloud_cr_ee_namespace.apps.name
}

data "alicloud_cr_ee_repos" "all" {
  instance_id    = var.instance_id
  namespace      = alicloud_cr_ee_repo.web.namespace
  enable_details = true
}

data "alicloud_cr_ee_sync_rules" "all" {
  instance_id = alicloud_cr_ee_sync_rule.copy.instance_id
}

data "alicloud_cr_artifact_lifecycle_rules" "all" {
  instance_id = alicloud_cr_artifact_lifecycle_rule.weekly.instance_id
}

data "alicloud_cr_artifact_subscription_rules" "all" {
  instance_id    = alicloud_cr_artifact_subscription_rule.alpine.instance_id
  enable_details = true
}

data "alicloud_cr_chains" "all" {
  instance_id = alicloud_cr_chain.release.instance_id
}

data "alicloud_cr_chart_namespaces" "all" {
  instance_id = alicloud_cr_chart_namespace.charts.instance_id
}

data "alicloud_cr_chart_repositories" "all" {
  instance_id = alicloud_cr_chart_repository.web.instance_id
}

data "alicloud_cr_endpoint_acl_policies" "all" {
  depends_on    = [alicloud_cr_endpoint_acl_policy.lab, alicloud_cr_internet_endpoint.public]
  instance_id   = var.instance_id
  endpoint_type = "internet"
}

data "alicloud_cr_internet_endpoint" "public" {
  depends_on  = [alicloud_cr_endpoint_acl_policy.lab, alicloud_cr_internet_endpoint.public]
  instance_id = var.instance_id
}

data "alicloud_cr_vpc_endpoint_linked_vpcs" "all" {
  instance_id = alicloud_cr_vpc_endpoint_linked_vpc.lab.instance_id
  module_name = "Registry"
}

# How many of each the data sources found.
output "found" {
  value = {
    instances   = length(data.alicloud_cr_ee_instances.all.instances)
    namespaces  = length(data.alicloud_cr_ee_namespaces.all.namespaces)
    repos       = length(data.alicloud_cr_ee_repos.all.repos)
    sync_rules  = length(data.alicloud_cr_ee_sync_rules.all.rules)
    lifecycle   = length(data.alicloud_cr_artifact_lifecycle_rules.all.rules)
    subscribed  = length(data.alicloud_cr_artifact_subscription_rules.all.rules)
    chains      = length(data.alicloud_cr_chains.all.chains)
    chart_names = length(data.alicloud_cr_chart_namespaces.all.namespaces)
    chart_repos = length(data.alicloud_cr_chart_repositories.all.repositories)
    policies    = length(data.alicloud_cr_endpoint_acl_policies.all.policies)
    linked      = length(data.alicloud_cr_vpc_endpoint_linked_vpcs.all.vpc_endpoint_linked_vpcs)
    internet    = data.alicloud_cr_internet_endpoint.public.status
  }
}
