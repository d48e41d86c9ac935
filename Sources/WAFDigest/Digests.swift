internal import Crypto

/// The two digests the project needs. The only file that imports swift-crypto, which takes most of a clean build.
public enum Digests {
  /// The 16 bytes of the MD5 digest of `bytes`.
  ///
  /// Source: RFC 1321. Used for the text transformation of that name only, never for safety.
  public static func md5(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }

  /// The 32 bytes of the SHA-256 digest of `bytes`.
  ///
  /// Source: FIPS 180-4.
  public static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
