extension SQLInjection {
  /// Memory for the tokens of one reading after the other, on the stack.
  ///
  /// Not an `InlineArray` in each reading: the compiler copies all of one to read an element of it.
  struct TokenMemory {
    private let tokens: UnsafeMutableBufferPointer<Token>

    /// No less than the tokens that a reading ever holds at a time.
    private static var capacity: Int { 8 }

    /// Calls `body` with memory that is there until it returns, and is not to be kept.
    @inline(__always)
    static func provide<Result>(_ body: (TokenMemory) -> Result) -> Result {
      unsafe withUnsafeTemporaryAllocation(of: Token.self, capacity: capacity) { buffer in
        // Tokens need no end.
        unsafe buffer.initialize(repeating: Token(.unknown, at: 0, count: 0))
        return body(unsafe TokenMemory(tokens: buffer))
      }
    }

    @inline(__always)
    subscript(index: Int) -> Token {
      get {
        precondition(index >= 0 && index < Self.capacity)
        // Within the memory, by the line above; there as long as `provide` runs.
        return unsafe tokens[index]
      }
      nonmutating set {
        precondition(index >= 0 && index < Self.capacity)
        // As above.
        unsafe tokens[index] = newValue
      }
    }
  }
}
