internal import WAFBase

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The positional constraints of `ByteMatchStatement` (BM-3): comparisons are byte for byte.
public enum ByteSearch {
  /// Whether `needle` occurs in `value`; an empty one always does.
  public static func contains(_ needle: Span<UInt8>, in value: Span<UInt8>) -> Bool {
    firstIndex(of: needle, in: value, from: 0) != nil
  }

  /// Whether `value` begins with `needle`.
  public static func starts(_ value: Span<UInt8>, with needle: Span<UInt8>) -> Bool {
    value.count >= needle.count && value.extracting(first: needle.count).equals(needle)
  }

  /// Whether `value` ends with `needle`.
  public static func ends(_ value: Span<UInt8>, with needle: Span<UInt8>) -> Bool {
    value.count >= needle.count && value.extracting(last: needle.count).equals(needle)
  }

  /// Whether `needle` occurs in `value` between two bytes that are no word bytes, or the ends of `value`.
  public static func containsWord(_ needle: Span<UInt8>, in value: Span<UInt8>) -> Bool { firstWord(needle, in: value) != nil }

  /// Where `needle` first occurs in `value` between two bytes that are no word bytes, or the ends of `value`; nil when it does not.
  ///
  /// Every occurrence is tried, also overlapping ones (BM-5). Word bytes are `A-Z a-z 0-9 _` (BM-4).
  public static func firstWord(_ needle: Span<UInt8>, in value: Span<UInt8>) -> Int? {
    var start = 0
    while let index = firstIndex(of: needle, in: value, from: start) {
      let end = index + needle.count
      let followsWord = index > 0 && value[index - 1].isASCIIWord
      let precedesWord = end < value.count && value[end].isASCIIWord
      if !followsWord && !precedesWord { return index }
      start = index + 1
    }
    return nil
  }

  /// Whether `needle` is fit for `containsWord`: word bytes only, and at least one (BM-4).
  public static func isWord(_ needle: Span<UInt8>) -> Bool {
    for index in needle.indices where !needle[index].isASCIIWord { return false }
    return !needle.isEmpty
  }

  /// Position of the first occurrence of `needle` in `value` at or after `start`; nil when there is none.
  public static func firstIndex(of needle: Span<UInt8>, in value: Span<UInt8>, from start: Int) -> Int? {
    guard start >= 0, start <= value.count, needle.count <= value.count - start else { return nil }
    guard !needle.isEmpty else { return start }
    // Both buffers are only read inside the closures, where the spans keep them alive; neither is empty, so both have an address.
    return unsafe value.withUnsafeBytes { value in
      unsafe needle.withUnsafeBytes { needle in
        guard let base = value.baseAddress, let word = needle.baseAddress else { return nil }
        let lastStart = value.count - needle.count
        var index = start
        // All `count` bytes from each candidate lie within the value, since no candidate comes after `lastStart`.
        while index <= lastStart, let found = unsafe memchr(base + index, Int32(needle[0]), lastStart - index + 1) {
          index = unsafe UnsafeRawPointer(found) - base
          if unsafe memcmp(base + index, word, needle.count) == 0 { return index }
          index += 1
        }
        return nil
      }
    }
  }
}
