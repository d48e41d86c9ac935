/// The states of all rate-based rules of a program; an array cannot hold what cannot be copied.
struct RateStates: ~Copyable {
  private let states: UnsafeMutableBufferPointer<RateState>

  /// No request counted yet.
  init(_ program: Program) {
    unsafe states = UnsafeMutableBufferPointer.allocate(capacity: program.rates.count)
    for (index, rate) in program.rates.enumerated() {
      // Each of the places that were just allocated is initialised once.
      unsafe states.initializeElement(at: index, to: RateState(rate, model: program.settings.rateModel))
    }
  }

  deinit {
    // All places hold a state since `init`, and nobody else has the pointer.
    unsafe states.deinitialize()
    unsafe states.deallocate()
  }

  /// The state of rule `rate`, an index into `Program.rates`.
  subscript(rate: Int) -> RateState {
    // The pointer checks bounds in debug builds only.
    _read {
      precondition(states.indices.contains(rate))
      yield unsafe states[rate]
    }
    _modify {
      precondition(states.indices.contains(rate))
      yield unsafe &states[rate]
    }
  }
}
