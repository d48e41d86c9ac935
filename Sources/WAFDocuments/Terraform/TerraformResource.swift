internal import WAFJSON

/// A resource of AWS WAF: one instance, where there are several.
struct TerraformResource {
  /// What it is to us.
  enum Kind {
    case entity(RuleDocument.Kind)
    /// A rule that is kept apart from its web ACL.
    case rule
    /// A rule, kept apart, that references a group.
    case association
    /// Tells the account.
    case caller
  }

  /// Its type, such as `aws_wafv2_ip_set`.
  let type: String
  /// Its name in its module.
  let name: String
  /// Address of its module, such as `module.waf["eu"]`; empty for the root.
  var module = ""
  /// Which of several instances it is, as in an address: `["office"]` or `[0]`; empty for the only one.
  var key = ""
  /// Whether it is only read, not managed.
  var isData = false
  /// Its attributes.
  let values: DocumentValue

  /// A resource of a configuration.
  init(type: String, name: String, values: DocumentValue) { (self.type, self.name, self.values) = (type, name, values) }

  /// A resource as plans and states describe it; nil for one that is none of AWS WAF's.
  init?(_ description: DocumentValue, module: String, values: DocumentValue?, key: DocumentValue? = nil) {
    guard let type = description["type"]?.string, let name = description["name"]?.string, let values, values.members != nil else { return nil }
    self.init(type: type, name: name, values: values)
    guard kind != nil else { return nil }
    self.module = module
    isData = description["mode"]?.string == "data"
    switch (key ?? description["index"])?.content {
    case .string(let text): self.key = "[\"\(text)\"]"
    case .number(let text): self.key = "[\(text)]"
    default: break
    }
  }

  /// What it is to us; nil for what says nothing about rules.
  var kind: Kind? {
    switch type {
    case "aws_wafv2_web_acl": .entity(.webACL)
    case "aws_wafv2_rule_group": .entity(.ruleGroup)
    case "aws_wafv2_ip_set": .entity(.ipSet)
    case "aws_wafv2_regex_pattern_set": .entity(.regexPatternSet)
    case "aws_wafv2_web_acl_rule": .rule
    case "aws_wafv2_web_acl_rule_group_association": .association
    case "aws_caller_identity": .caller
    default: nil
    }
  }

  /// Its address without the key of the instance.
  var baseAddress: String { (module.isEmpty ? "" : module + ".") + (isData ? "data." : "") + type + "." + name }

  /// Its address, as Terraform shows it.
  var address: String { baseAddress + key }
}
