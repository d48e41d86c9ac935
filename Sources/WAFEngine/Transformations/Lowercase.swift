internal import WAFBase

/// `LOWERCASE`: `A` to `Z` become `a` to `z`; all other bytes stay, also letters outside ASCII.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.3.
enum Lowercase {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard input.firstIndex(whereLanes: { $0.lanes(in: UInt8(ascii: "A")...UInt8(ascii: "Z")) }) != nil else { return false }
    output.append(input) { $0.asciiLowercased }
    return true
  }
}
