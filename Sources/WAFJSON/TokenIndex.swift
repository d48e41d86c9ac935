internal import CSIMDJSON

/// Finds the tokens of one text after the other with simdjson, which looks at 64 bytes at once.
final class TokenIndex: @unchecked Sendable {
  // Unchecked: a tree uses its index only while nobody else holds it.

  /// Longest text. A tree of it stays below the limits of `JSONTree.Rules.logLine` for members and elements, which take two bytes each.
  static let limit = 1 << 16
  /// Bytes that have to stand after a text.
  static let padding = Int(CSIMDJSON_PADDING)

  private let memory: OpaquePointer?

  init() {
    // Nil, and then never used, where simdjson cannot work.
    memory = unsafe csimdjson_index_create(Self.limit)
  }

  deinit {
    // Nobody else holds the memory; nil is allowed.
    unsafe csimdjson_index_destroy(memory)
  }

  /// Calls `body` with the positions of the tokens of the first `count` bytes of `source`, and `count` itself as the last of them.
  ///
  /// - Returns: False, without a call, where the text is none that can be read this way.
  func withTokens(of source: Span<UInt8>, count: Int, _ body: (Span<UInt32>) -> Bool) -> Bool {
    guard let memory, count > 0, count <= Self.limit, source.count - count >= Self.padding else { return false }
    // The span keeps the text alive, which is as long as is said, with its padding.
    let tokenCount = unsafe source.withUnsafeBufferPointer { unsafe csimdjson_index_read(memory, $0.baseAddress, count) }
    guard tokenCount > 0 else { return false }
    // The memory is ours, not written to before the next call, and holds one entry more than there are tokens.
    return unsafe body(UnsafeBufferPointer(start: csimdjson_index_tokens(memory), count: tokenCount + 1).span)
  }
}
