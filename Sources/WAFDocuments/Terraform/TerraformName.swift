/// How Terraform spells the API's names.
enum TerraformName {
  /// `field_to_match` for `FieldToMatch`: words in lower case, joined with underscores. `HTTPMethod` is `http_method`, `JA3Fingerprint` is
  /// `ja3_fingerprint`; what does not follow this rule is in the schema.
  static func snakeCase(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var result: [UInt8] = []
    for (position, byte) in bytes.enumerated() {
      let isUpper = isUpper(byte)
      if isUpper, position > 0, bytes[position - 1] != underscore {
        let endsWord = !Self.isUpper(bytes[position - 1])
        let beginsWord = position + 1 < bytes.count && isLower(bytes[position + 1])
        if endsWord || beginsWord { result.append(underscore) }
      }
      result.append(isUpper ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `rule` for `Rules`: repeated blocks have the name of one.
  static func singular(_ name: String) -> String { name.hasSuffix("s") ? String(name.dropLast()) : name }

  private static let underscore = UInt8(ascii: "_")
  private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
