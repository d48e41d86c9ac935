/// A member of an API object, and what it is in Terraform.
struct TerraformMember {
  /// What stands for its value.
  enum Form {
    case scalar
    /// A text that the API has as Base64.
    case searchString
    /// The ARN of another entity.
    case reference
    /// A list of scalars. The API has an empty one only where it is said.
    case scalars(mayBeEmpty: Bool = false)
    /// A nested block, at most one.
    case block(TerraformShape)
    /// Nested blocks, any number.
    case blocks(TerraformShape)
    /// Nested blocks with a `key` each; the API has a map.
    case keyedBlocks(TerraformShape)
    /// A nested block with a list `identifiers`; the API has a list of objects with an `Identifier` each.
    case identifiers
  }

  /// Where it differs from a member that is the same in both and has to be known.
  struct Trait: OptionSet {
    let rawValue: Int
    /// An empty text, or 0, stands for an absent one: the provider has no other way to say so in a state.
    static let optional = Trait(rawValue: 1)
    /// The provider finds a value where the configuration has none.
    static let computed = Trait(rawValue: 2)
    /// What it says changes no verdict, so a plan that leaves it open can still be evaluated.
    static let harmless = Trait(rawValue: 4)
    /// Only the service sets it: it stands in states, never in configurations.
    static let readOnly = Trait(rawValue: 8)
    /// The provider has no argument for it.
    static let lacking = Trait(rawValue: 16)
  }

  /// The API's name.
  let api: String
  /// The provider's name.
  let terraform: String
  /// Other names, in some resources or versions of the provider.
  var aliases: [String] = []
  let form: Form
  var traits: Trait = []
  /// What the provider takes where nothing is said, and the API has no default.
  var fallback: String?

  /// The names by which it may stand in a document.
  var names: [String] { [terraform] + aliases }
}

extension TerraformMember {
  /// A scalar.
  static func scalar(_ api: String, _ traits: Trait = [], as terraform: String? = nil, fallback: String? = nil) -> TerraformMember {
    TerraformMember(api: api, terraform: terraform ?? TerraformName.snakeCase(api), form: .scalar, traits: traits, fallback: fallback)
  }

  /// A list of scalars.
  static func scalars(_ api: String, mayBeEmpty: Bool = false) -> TerraformMember {
    TerraformMember(api: api, terraform: TerraformName.snakeCase(api), form: .scalars(mayBeEmpty: mayBeEmpty))
  }

  /// A nested block.
  static func block(_ api: String, _ shape: TerraformShape, _ traits: Trait = [], as terraform: String? = nil) -> TerraformMember {
    TerraformMember(api: api, terraform: terraform ?? TerraformName.snakeCase(api), form: .block(shape), traits: traits)
  }

  /// Repeated blocks, by the name of one.
  static func blocks(
    _ api: String, _ shape: TerraformShape, _ traits: Trait = [], as terraform: String? = nil, or aliases: [String] = []
  ) -> TerraformMember {
    let name = terraform ?? TerraformName.singular(TerraformName.snakeCase(api))
    return TerraformMember(api: api, terraform: name, aliases: aliases, form: .blocks(shape), traits: traits)
  }

  /// A member of another form.
  static func other(_ api: String, _ form: Form, as terraform: String? = nil) -> TerraformMember {
    TerraformMember(api: api, terraform: terraform ?? TerraformName.snakeCase(api), form: form)
  }
}
