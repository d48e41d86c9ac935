#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The detectors of libinjection, to compare ours with, from the library of ModSecurity where that is installed.
///
/// It is looked for at run time, so nothing links it; the program itself has nothing of it.
public struct Libinjection: Sendable {
  private typealias SQLDetector = @convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?) -> CInt
  private typealias ScriptDetector = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

  private let sqli: SQLDetector
  private let xss: ScriptDetector

  /// The library of this machine; nil where none is installed.
  public static let installed = Libinjection()

  private init?() {
    for name in ["libmodsecurity.so.3", "libmodsecurity.3.dylib", "libmodsecurity.dylib", "libinjection.so", "libinjection.dylib"] {
      guard let library = unsafe dlopen(name, RTLD_NOW), let sqli = unsafe dlsym(library, "libinjection_sqli"),
        let xss = unsafe dlsym(library, "libinjection_xss")
      else { continue }
      // The types are those of the library's header; the library is never closed.
      self.sqli = unsafe unsafeBitCast(sqli, to: SQLDetector.self)
      self.xss = unsafe unsafeBitCast(xss, to: ScriptDetector.self)
      return
    }
    return nil
  }

  /// Bytes behind a value that have to be there and zero, since the library looks behind the end of some.
  public static let padding: [UInt8] = [0, 0, 0, 0]

  /// Whether `padded`, whose last bytes are `padding`, is an SQL injection.
  public func findsInjection(_ padded: [UInt8]) -> Bool {
    var fingerprint: SIMD8<UInt8> = .zero
    return findsInjection(padded, &fingerprint)
  }

  /// The fingerprint of the SQL injection that `padded`, whose last bytes are `padding`, is; nil where it is none.
  public func injectionFingerprint(_ padded: [UInt8]) -> String? {
    var fingerprint: SIMD8<UInt8> = .zero
    guard findsInjection(padded, &fingerprint) else { return nil }
    return String(decoding: fingerprint.indices.map { fingerprint[$0] }.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func findsInjection(_ padded: [UInt8], _ fingerprint: inout SIMD8<UInt8>) -> Bool {
    // The library writes eight bytes at most, and reads the value only while it is kept alive here.
    unsafe withUnsafeMutableBytes(of: &fingerprint) { output in
      unsafe padded.withUnsafeBufferPointer { bytes in
        unsafe sqli(bytes.baseAddress, bytes.count - Self.padding.count, output.baseAddress?.assumingMemoryBound(to: UInt8.self)) != 0
      }
    }
  }

  /// Whether `padded`, whose last bytes are `padding`, is cross-site scripting.
  public func findsScripting(_ padded: [UInt8]) -> Bool {
    unsafe padded.withUnsafeBufferPointer { unsafe xss($0.baseAddress, $0.count - Self.padding.count) != 0 }
  }
}
