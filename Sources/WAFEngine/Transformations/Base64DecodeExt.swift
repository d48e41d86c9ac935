internal import WAFBase

/// `BASE64_DECODE_EXT`: decodes the letters of the base64 alphabet and passes over every other byte, padding included.
///
/// Source: AWS WAF Developer Guide, "Using text transformations"; exact bytes: D.15.
enum Base64DecodeExt {
  static func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    Base64Decode.decode(input, skipsOtherBytes: true, to: &output)
  }
}
