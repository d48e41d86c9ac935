internal import WAFBase

/// The instances of one rule by their keys: client addresses, or bytes of any length.
struct RateInstances: ~Copyable {
  private var slots = HashSlots()
  private var instances = Pool<RateInstance>()
  private var keys = Pool<RateKeyLine>()

  /// Number of instances.
  var count: Int { slots.count }
  /// One more than the highest number of an instance.
  var end: UInt32 { instances.end }

  /// The instance of this number.
  subscript(number: UInt32) -> RateInstance {
    @inline(__always) _read { yield instances[number] }
    @inline(__always) _modify { yield &instances[number] }
  }

  /// The instance of `address`, made where there is none.
  mutating func instance(of address: IPAddress, hash: UInt64) -> UInt32 {
    let wanted = RateInstance(address)
    if let known = slots.find(hash, where: { instances[UInt32($0)].has(wanted.kind, high: wanted.high, low: wanted.low) }) {
      return UInt32(known)
    }
    return insert(wanted, hash)
  }

  /// The instance of a key of several parts, made where there is none.
  mutating func instance(of key: Span<UInt8>, hash: UInt64) -> UInt32 {
    if let known = find(key, hash) { return known }
    let line = addKey(key)
    return insert(RateInstance(.bytes, high: hash, low: UInt64(line) << 32 | UInt64(UInt32(key.count))), hash)
  }

  /// The instance that most likely has a key with this hash: a hint, since keys are not compared.
  func likely(_ hash: UInt64) -> UInt32? { slots.likely(hash).map { UInt32($0) } }

  /// Reads the slot where the search for this hash begins.
  func touch(_ hash: UInt64) -> UInt32 { slots.touch(hash) }

  /// Removes an instance.
  mutating func remove(_ number: UInt32) {
    let instance = instances[number]
    slots.remove(Int(number), hash: hash(of: instance))
    if instance.kind == .bytes { removeKey(from: UInt32(instance.low >> 32)) }
    instances.remove(number)
  }
}

extension RateInstances {
  private func find(_ key: Span<UInt8>, _ hash: UInt64) -> UInt32? {
    slots.find(hash) { number in
      let instance = instances[UInt32(number)]
      guard instance.kind == .bytes, instance.high == hash, instance.low & 0xffff_ffff == UInt64(key.count) else { return false }
      return isKey(key, from: UInt32(instance.low >> 32))
    }.map { UInt32($0) }
  }

  private mutating func insert(_ instance: RateInstance, _ hash: UInt64) -> UInt32 {
    if slots.isFull {
      slots.grow()
      for number in 1..<instances.end where instances[number].isInUse { slots.insert(Int(number), hash: self.hash(of: instances[number])) }
    }
    let number = instances.insert(instance)
    slots.insert(Int(number), hash: hash)
    return number
  }

  private func hash(of instance: RateInstance) -> UInt64 {
    switch instance.kind {
    case .free, .bytes: instance.high
    case .v4: KeyHash.hash(IPAddress(v4: UInt32(truncatingIfNeeded: instance.low)))
    case .v6: KeyHash.hash(IPAddress(v6: UInt128(instance.high) << 64 | UInt128(instance.low)))
    }
  }

  /// Keeps the bytes of a key in lines and returns the first; 0 for a key of no bytes.
  private mutating func addKey(_ key: Span<UInt8>) -> UInt32 {
    var next: UInt32 = 0
    // From its end, since each line names the one behind it.
    var start = (key.count - 1) / RateKeyLine.size * RateKeyLine.size
    while start >= 0, start < key.count {
      next = keys.insert(RateKeyLine(key, from: start, next: next))
      start -= RateKeyLine.size
    }
    return next
  }

  private func isKey(_ key: Span<UInt8>, from first: UInt32) -> Bool {
    var line = first
    var start = 0
    while line != 0, start < key.count {
      guard keys[line] == RateKeyLine(key, from: start, next: keys[line].link) else { return false }
      line = keys[line].link
      start += RateKeyLine.size
    }
    return line == 0 && start >= key.count
  }

  private mutating func removeKey(from first: UInt32) {
    var line = first
    while line != 0 {
      let next = keys[line].link
      keys.remove(line)
      line = next
    }
  }
}

/// 56 bytes of a key in one cache line, filled up with zeros, and the number of the next line.
struct RateKeyLine: Pooled, Equatable {
  // The last place is the link.
  private var words = SIMD8<UInt64>()

  /// Bytes of a line.
  static var size: Int { 56 }

  /// The bytes of `key` from `start` on.
  init(_ key: Span<UInt8>, from start: Int, next: UInt32) {
    for place in 0..<7 where start + 8 * place < key.count {
      let position = start + 8 * place
      words[place] = position + 8 <= key.count ? key.word(at: position) : key.lastWord(from: position)
    }
    words[7] = UInt64(next)
  }

  var link: UInt32 {
    get { UInt32(truncatingIfNeeded: words[7]) }
    set { words[7] = UInt64(newValue) }
  }
}
