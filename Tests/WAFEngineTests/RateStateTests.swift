import TestSupport
import Testing
import WAFBase

@testable import WAFEngine

/// How the requests of a generated sequence come.
struct RateSequence: Sendable, CustomTestStringConvertible {
  var note: String
  var limit = 3
  var window: Int64 = 60_000
  var model = RateModel.exact
  /// Distinct keys.
  var keys = 5
  /// Steps from one time to the next, chosen at random.
  var steps: [Int64]
  var start: Int64 = 1_700_000_000_000
  /// Probability that a request only possibly counts.
  var doubt = 0.2
  var requests = 4_000
  var firstTick: UInt32 = 0
  var testDescription: String { note }

  /// The same checked every so many milliseconds.
  func checked(every interval: Int64) -> RateSequence {
    var other = self
    other.model = .interval(checkInterval: interval)
    other.note += ", checked every \(interval) ms"
    return other
  }
}

private let sequences: [RateSequence] = [
  RateSequence(note: "one key, one time", keys: 1, steps: [0]),
  RateSequence(note: "window edges from both sides", window: 60_000, keys: 2, steps: [0, 59_999, 60_000, 60_001, 1, 29_999, 30_000, 30_001]),
  RateSequence(note: "a busy key: long windows", limit: 300, keys: 1, steps: [0, 0, 1, 97, 150]),
  RateSequence(note: "a few busy keys, certain and possible in turn", limit: 50, keys: 3, steps: [0, 0, 0, 0, 0, 0, 1, 500], doubt: 0.5),
  RateSequence(note: "bursts and silence", limit: 10, keys: 40, steps: [0, 0, 0, 0, 0, 1, 2, 100, 61_000]),
  RateSequence(note: "many keys that come once or twice, swept", limit: 1, keys: 3_000, steps: [0, 0, 100, 500]),
  RateSequence(note: "many keys, more than tables hold at first", limit: 2, window: 600_000, keys: 20_000, steps: [0, 1, 3], requests: 30_000),
  RateSequence(note: "only possible requests", keys: 4, steps: [0, 1, 1_000, 9_000], doubt: 1),
  RateSequence(note: "every window empty when the next request comes", keys: 3, steps: [60_000, 60_001, 3_600_000]),
  RateSequence(note: "from the smallest time on", keys: 3, steps: [0, 0, 1, 5_000, 20_000], start: .min),
  RateSequence(note: "up to the largest time", keys: 3, steps: [0, 0, 1, 5_000, 20_000], start: .max - 1_000_000),
  RateSequence(note: "over zero", keys: 3, steps: [0, 1, 4_999, 20_000], start: -300_000),
  RateSequence(note: "huge steps", keys: 3, steps: [0, 0, 1, 1 << 31, 1 << 32, 1 << 33, 1 << 40, 1 << 52], start: .min),
  RateSequence(note: "a huge window", limit: 100, window: 1 << 62, keys: 3, steps: [0, 1, 1 << 32, 1 << 51], start: .min),
  RateSequence(note: "ticks begin again at 0", limit: 8, keys: 30, steps: [0, 1, 100, 900], firstTick: .max - 700),
  RateSequence(note: "ticks begin again at 0 in a long window", limit: 500, keys: 2, steps: [0, 1, 20], firstTick: .max - 700),
]

private let checkedSequences = sequences.flatMap { sequence in [1, 7, 10_000, 60_000, 1_000_000].map { sequence.checked(every: $0) } }

@Test("Outcomes and counts are those of the slow, obvious model", arguments: sequences + checkedSequences)
func rateStateIsExact(_ sequence: RateSequence) {
  let rate = RateLimit(limit: sequence.limit, window: sequence.window, keys: [.origin])
  var generator = Generator(seed: UInt64(truncatingIfNeeded: sequence.window) ^ UInt64(sequence.keys))
  var states = Contenders(
    byAddress: RateState(rate, model: sequence.model, firstTick: sequence.firstTick),
    byBytes: RateState(rate, model: sequence.model, firstTick: sequence.firstTick), oracle: OracleRateState(rate, model: sequence.model))
  var time = sequence.start
  for request in 0..<sequence.requests {
    let step = generator.pick(sequence.steps)
    time = time.addingReportingOverflow(step).overflow ? .max : time + step
    let key = generator.number(0...(sequence.keys - 1))
    let counts: Certainty = generator.chance(sequence.doubt) ? .possible : .certain
    let given: Outcome = generator.chance(0.2) ? .undetermined : .match
    guard states.agree(on: key, at: time, counts, given) else {
      Issue.record("request \(request), key \(key), time \(time)")
      return
    }
  }
}

/// The model and both ways to name a key.
private struct Contenders: ~Copyable {
  var byAddress: RateState
  var byBytes: RateState
  var oracle: OracleRateState

  init(byAddress: consuming RateState, byBytes: consuming RateState, oracle: OracleRateState) {
    self.byAddress = byAddress
    self.byBytes = byBytes
    self.oracle = oracle
  }

  mutating func agree(on key: Int, at time: Int64, _ counts: Certainty, _ given: Outcome) -> Bool {
    let expected = oracle.count(Self.bytes(key), at: time, counts: counts, given: given)
    // To load something, wanted or not, changes nothing.
    let hashes = [key, key + 1, key * 3].map { KeyHash.hash(Self.address($0)) }
    byAddress.load(hashes.span)
    let address = byAddress.count(Self.address(key), at: time, counts: counts, given: given)
    let bytes = byBytes.count(Self.bytes(key).span, at: time, counts: counts, given: given)
    return address == expected && bytes == expected
  }

  /// IPv4 and IPv6 in turn; every second IPv6 address has the number of an IPv4 address.
  private static func address(_ key: Int) -> IPAddress {
    switch key % 4 {
    case 0, 1: IPAddress(v4: UInt32(key / 4 * 2 + key % 4))
    case 2: IPAddress(v6: UInt128(key / 4 * 2))
    default: IPAddress(v6: UInt128(key) << 96 | 1)
    }
  }

  /// Of every length from 0 on, so that they end before, at and after the ends of words and lines; equal in all but one byte.
  private static func bytes(_ key: Int) -> [UInt8] {
    guard key > 0 else { return [] }
    return [UInt8](repeating: 0, count: (key * 7) % 130) + [UInt8(key & 0xff), UInt8(key >> 8)]
  }
}

@Test("What has left the window is forgotten: memory follows the window and not the log")
func rateStateSweeps() {
  var state = RateState(RateLimit(limit: 1, window: 60_000, keys: [.origin]), model: .exact)
  var most = 0
  for second in 0..<6_000 {
    for request in 0..<10 {
      let address = IPAddress(v4: UInt32(second * 10 + request))
      _ = state.count(address, at: Int64(second) * 1_000, counts: .certain, given: .match)
    }
    most = max(most, state.instanceCount)
  }
  // A window holds 600.
  #expect(most >= 600 && most <= 1_300)
}

@Test("An earlier time than before counts as the newest")
func rateStateTimesInOrder() {
  var state = RateState(RateLimit(limit: 2, window: 60_000, keys: [.origin]), model: .exact)
  let address = IPAddress(v4: 1)
  let counts = [100_000, 0, 160_000, 0].map { state.count(address, at: $0, counts: .certain, given: .match).count }
  #expect(counts == [1, 2, 1, 2])
}
