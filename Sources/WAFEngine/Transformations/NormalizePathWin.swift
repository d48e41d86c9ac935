internal import WAFBase

/// `NORMALIZE_PATH_WIN`: backslashes become slashes, then `NORMALIZE_PATH`.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.18.
enum NormalizePathWin {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard input.firstLane(of: UInt8(ascii: "\\")) != nil else { return NormalizePath.apply(input, to: &output) }
    NormalizePath.rewrite(input, to: &output) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    return true
  }
}
