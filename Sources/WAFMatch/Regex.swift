internal import CPCRE2

/// What one pattern says about one value.
public enum RegexOutcome: Equatable, Sendable {
  /// The pattern matches somewhere in the value.
  case match
  /// It matches nowhere in the value.
  case miss
  /// A limit was reached before the answer was known. Never to be read as a miss (RX-8).
  case limit
}

/// A compiled pattern: PCRE2 over bytes, without UTF mode (RX-2, RX-3, RX-8).
///
/// One `Regex` serves all threads; what a match writes to is in the `RegexScratch` of each thread.
public final class Regex: @unchecked Sendable {
  // Unchecked: the compiled code is not written to after `init`, and PCRE2 lets any number of threads match with it.

  /// How a pattern is run.
  public enum Backend: Sendable {
    /// Machine code, or the interpreter where the system allows no new machine code.
    case justInTime
    /// The interpreter: slower, and with another way of counting towards the limits.
    case interpreter
  }

  /// How this pattern is run. Where it is the interpreter without having been asked for, say so: the two can differ in what they can answer.
  public let backend: Backend

  private let code: OpaquePointer

  /// Compiles a pattern of the subset of AWS WAF.
  ///
  /// - Throws: Where and why `RegexSyntax` or PCRE2 refuses it.
  public convenience init(_ pattern: [UInt8], backend: Backend = .justInTime) throws(RegexError) {
    try self.init(try RegexSyntax(pattern), backend: backend)
  }

  /// Compiles a pattern that has been read.
  ///
  /// - Throws: Where and why PCRE2 refuses it: too large, or a group name used twice.
  public init(_ syntax: RegexSyntax, backend: Backend = .justInTime) throws(RegexError) {
    code = try Self.compile(syntax)
    // The code is ours and complete. A failure leaves it as it was, so that the interpreter can run it.
    let isCompiled = unsafe backend == .justInTime && pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0
    self.backend = isCompiled ? .justInTime : .interpreter
  }

  deinit {
    // Nobody else holds the code.
    unsafe pcre2_code_free_8(code)
  }

  /// Searches `value` for the pattern.
  ///
  /// - Parameter scratch: Memory and limits of the calling thread.
  public func search(_ value: Span<UInt8>, using scratch: RegexScratch) -> RegexOutcome {
    guard let data = scratch.matchData, let context = scratch.matchContext else { return .limit }
    // Failing is not possible: the context is there.
    unsafe pcre2_set_match_limit_8(context, scratch.matchLimit(forLength: value.count))
    let result = unsafe value.withUnsafeBufferPointer { buffer in
      // PCRE2 reads `count` bytes and no more. An empty buffer has no address, and machine code wants one.
      let subject = unsafe buffer.baseAddress ?? UnsafePointer(scratch.anyAddress)
      return switch backend {
      case .justInTime: unsafe pcre2_jit_match_8(code, subject, buffer.count, 0, 0, data, context)
      case .interpreter: unsafe pcre2_match_8(code, subject, buffer.count, 0, 0, data, context)
      }
    }
    if result >= 0 { return .match }
    // All other errors are limits: of matching, of memory, of the stack of the machine code.
    return result == PCRE2_ERROR_NOMATCH ? .miss : .limit
  }

  /// Where the pattern is found first; nil where it is not found, or where a limit was reached.
  public func firstMatch(in value: Span<UInt8>, using scratch: RegexScratch) -> Range<Int>? {
    guard search(value, using: scratch) == .match, let data = scratch.matchData else { return nil }
    // After a match the first pair of positions is set; it belongs to `data`, which `scratch` keeps.
    let pair = unsafe pcre2_get_ovector_pointer_8(data)
    guard let start = unsafe pair?[0], let end = unsafe pair?[1], start <= end, end <= value.count else { return nil }
    return start..<end
  }

  /// Version of the library, such as `10.42 2022-12-11`.
  public static let libraryVersion: String = {
    // The longest version text has some 20 bytes; asked for with a null pointer, PCRE2 tells the size it needs.
    let size = pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), nil)
    guard size > 0 else { return "unknown" }
    var text = [UInt8](repeating: 0, count: Int(size))
    unsafe text.withUnsafeMutableBytes { _ = unsafe pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), $0.baseAddress) }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }()

  private static func compile(_ syntax: RegexSyntax) throws(RegexError) -> OpaquePointer {
    guard let context = unsafe pcre2_compile_context_create_8(nil) else { throw RegexError(.tooLarge, at: 0, "no memory left") }
    // Freed exactly once; the compiled code does not refer to it.
    defer { unsafe pcre2_compile_context_free_8(context) }
    // Said rather than left to how the library was built: lines end with LF (RX-2).
    unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))

    // Captured text is never asked for, so plain parentheses need not record it.
    let options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE
    var error: Int32 = 0
    var offset = 0
    let code = unsafe syntax.portablePattern.withUnsafeBufferPointer { buffer in
      // A null pointer is allowed where the length is zero.
      unsafe pcre2_compile_8(buffer.baseAddress, buffer.count, UInt32(options), &error, &offset, context)
    }
    guard let code else { throw refusal(error: error, offset: syntax.originalOffset(offset)) }
    return code
  }

  private static func refusal(error: Int32, offset: Int) -> RegexError {
    var message = [UInt8](repeating: 0, count: 256)
    // The buffer is as long as said; a longer message is cut and ended with a zero byte.
    let length = unsafe message.withUnsafeMutableBufferPointer { unsafe pcre2_get_error_message_8(error, $0.baseAddress, $0.count) }
    let text = length > 0 ? String(decoding: message.prefix(Int(length)), as: UTF8.self) : "refused by PCRE2 (error \(error))"
    let isTooLarge = [PCRE2_ERROR_PATTERN_TOO_LARGE, PCRE2_ERROR_PATTERN_TOO_COMPLICATED, PCRE2_ERROR_HEAP_FAILED].contains(error)
    return RegexError(isTooLarge ? .tooLarge : .malformed, at: offset, text)
  }
}

/// What matching writes to, and its limits. One for each thread, used for all patterns.
public final class RegexScratch {
  /// Room for one pair of positions; nil when there was no memory.
  fileprivate let matchData: OpaquePointer?
  /// Carries the limits and the stack; nil when there was no memory.
  fileprivate let matchContext: OpaquePointer?
  private let stack: OpaquePointer?
  private let limit: UInt32
  /// Values up to this length get the whole limit.
  private let unscaledLength: Int
  /// An address for the value of no bytes.
  fileprivate let anyAddress: UnsafeMutablePointer<UInt8>

  /// Most calls of the match function in one search of a short value; see `matchLimit(forLength:)`.
  public static let defaultMatchLimit: UInt32 = 100_000

  /// Scratch memory. Without memory for it every search ends with `.limit`.
  ///
  /// - Parameter matchLimit: See `defaultMatchLimit`.
  public init(matchLimit: UInt32 = RegexScratch.defaultMatchLimit) {
    limit = matchLimit
    unscaledLength = Self.workLimit / max(1, Int(matchLimit))
    // Everything made here is freed in `deinit`; PCRE2 returns null when there is no memory.
    unsafe anyAddress = .allocate(capacity: 1)
    unsafe anyAddress.initialize(to: 0)
    matchData = unsafe pcre2_match_data_create_8(1, nil)
    matchContext = unsafe pcre2_match_context_create_8(nil)
    // 4 MiB are what `^(?:.|\n)*z$` needs on the 64 KiB that are inspected at most. Pages are taken only when used.
    stack = unsafe pcre2_jit_stack_create_8(32 << 10, 4 << 20, nil)
    if let matchContext {
      // In KiB; only the interpreter looks at it.
      unsafe pcre2_set_heap_limit_8(matchContext, 64 << 10)
      if let stack { unsafe pcre2_jit_stack_assign_8(matchContext, nil, UnsafeMutableRawPointer(stack)) }
    }
  }

  deinit {
    // All four are ours alone, and freeing null does nothing.
    unsafe pcre2_match_data_free_8(matchData)
    unsafe pcre2_match_context_free_8(matchContext)
    unsafe pcre2_jit_stack_free_8(stack)
    unsafe anyAddress.deallocate()
  }

  /// The limit for a value of `length` bytes: less for long ones, because the count starts anew at each position of the value.
  func matchLimit(forLength length: Int) -> UInt32 {
    // Almost all values are short, so that the division is hardly ever made.
    length <= unscaledLength ? limit : UInt32(clamping: Self.workLimit / length)
  }

  /// Most calls of the match function in one search, times the length of the value.
  private static let workLimit = 800_000_000
}
