internal import WAFBase

/// `REPLACE_NULLS`: every NUL byte becomes a space.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.20.
enum ReplaceNulls {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard input.firstLane(of: 0x00) != nil else { return false }
    output.append(input) { $0 == 0x00 ? 0x20 : $0 }
    return true
  }
}
