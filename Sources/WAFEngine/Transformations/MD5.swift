internal import WAFBase
internal import WAFDigest

/// `MD5`: the 16 bytes of the digest, not their hexadecimal text.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.16.
enum MD5 {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    output.append(Digests.md5(input.copied()))
    return true
  }
}
