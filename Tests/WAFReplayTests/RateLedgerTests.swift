import Testing
import WAFBase

@testable import WAFReplay

/// The slow, obvious ledger of one rule.
private struct OracleLedger {
  var limitedRecords = 0
  var isApproximate = false
  var instances: [[UInt8]: (instance: RateLedger.Instance, isLimited: Bool)] = [:]

  mutating func add(_ key: [UInt8], count: Int, isLimited: Bool, at time: Int64?) {
    if isLimited { limitedRecords += 1 }
    guard instances[key] != nil || instances.count < RateLedger.instanceLimit else { return isApproximate = true }
    var (instance, wasLimited) = instances[key] ?? (RateLedger.Instance(key: key, peak: 0, limited: 0, periods: []), false)
    instance.peak = max(instance.peak, count)
    if isLimited {
      instance.limited += 1
      if let time {
        if wasLimited, let last = instance.periods.popLast() {
          instance.periods.append(last.lowerBound...max(last.upperBound, time))
        } else if instance.periods.count < RateLedger.periodLimit {
          instance.periods.append(time...time)
        }
      }
    }
    instances[key] = (instance, isLimited)
  }

  func top(_ count: Int) -> [RateLedger.Instance] {
    let sorted = instances.values.map(\.instance).sorted {
      $0.peak != $1.peak ? $0.peak > $1.peak : $0.key.lexicographicallyPrecedes($1.key)
    }
    return Array(sorted.prefix(count))
  }
}

/// Requests of a ledger.
private struct LedgerSequence: CustomTestStringConvertible, Sendable {
  var note: String
  var isByAddress = true
  var keys = 200
  var requests = 10_000
  /// Probability that a request is limited.
  var limited = 0.3
  var testDescription: String { note }

  /// IPv4 and IPv6 addresses, and the mark of invalid ones.
  func key(_ number: Int) -> [UInt8] {
    switch (isByAddress, number % 3) {
    case (true, 0): number == 0 ? Array("INVALID".utf8) : text(IPAddress(v4: UInt32(number)))
    case (true, 1): text(IPAddress(v6: UInt128(number)))
    case (true, _): text(IPAddress(v6: UInt128(number) << 70))
    case (false, 0): Array("192.0.2.\(number)".utf8)
    case (false, _): [UInt8](repeating: 0x61, count: number % 90) + Array(" | \(number)".utf8)
    }
  }

  private func text(_ address: IPAddress) -> [UInt8] {
    var text: [UInt8] = []
    address.append(to: &text)
    return text
  }
}

@Test(
  "A ledger holds what the slow, obvious one holds, also where addresses come in both ways",
  arguments: [
    LedgerSequence(note: "addresses"), LedgerSequence(note: "texts", isByAddress: false), LedgerSequence(note: "one key", keys: 1),
    LedgerSequence(note: "more periods than are kept", keys: 4, limited: 0.5), LedgerSequence(note: "never limited", keys: 5_000, limited: 0),
    LedgerSequence(note: "more instances than are kept", keys: 130_000, requests: 200_000, limited: 0.01),
  ])
private func ledgerIsExact(_ sequence: LedgerSequence) {
  var ledger = RateLedger.RuleLedger(rule: 0, isByAddress: sequence.isByAddress)
  var oracle = OracleLedger()
  var state: UInt64 = 7
  func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  for request in 0..<sequence.requests {
    let key = sequence.key(next(sequence.keys))
    let (count, isLimited) = (next(50), next(1_000) < Int(sequence.limited * 1_000))
    let time: Int64? = next(20) == 0 ? nil : Int64(request)
    oracle.add(key, count: count, isLimited: isLimited, at: time)
    if let address = IPAddress(text: key.span), next(2) == 0 {
      ledger.add(address, hash: KeyHash.hash(address), count: count, isLimited: isLimited, at: time)
    } else {
      ledger.add(key.span, count: count, isLimited: isLimited, at: time)
    }
  }
  #expect(ledger.limitedRecords == oracle.limitedRecords)
  #expect(ledger.isApproximate == oracle.isApproximate)
  #expect(ledger.instanceCount == oracle.instances.count)
  #expect(ledger.top(300) == oracle.top(300))
}
