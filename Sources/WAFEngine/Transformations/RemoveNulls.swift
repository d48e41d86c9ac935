internal import WAFBase

/// `REMOVE_NULLS`: drops every NUL byte and keeps the other bytes in order.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.19.
enum RemoveNulls {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    guard let first = input.firstLane(of: 0x00) else { return false }
    output.append(input.extracting(0..<first))
    output.append(upTo: input.count - first) { out in
      for index in first..<input.count where input[index] != 0x00 { out.append(input[index]) }
    }
    return true
  }
}
