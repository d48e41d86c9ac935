internal import CMaxMindDB
internal import Synchronization
public import WAFBase

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A database of addresses in MaxMind's format, read with libmaxminddb; the only file that knows it. Shared by all threads.
public final class AddressDatabase: @unchecked Sendable {
  /// What is looked up.
  public enum Content: Sendable {
    /// The two-letter country.
    case country
    /// The number of the autonomous system.
    case system

    /// Where vendors put it, from the record of an address inwards.
    fileprivate var paths: [[StaticString]] {
      switch self {
      case .country: [["country", "iso_code"], ["country_code"], ["country"]]
      case .system: [["autonomous_system_number"], ["asn"]]
      }
    }

    fileprivate var noun: String {
      switch self {
      case .country: "countries"
      case .system: "autonomous systems"
      }
    }
  }

  /// Path as the user named it.
  public let path: String
  private let content: Content
  // Set up once, then only read: libmaxminddb takes look-ups from any thread.
  private let database: UnsafeMutablePointer<MMDB_s>
  private let firstFault = Mutex<String?>(nil)

  /// Opens a database.
  ///
  /// - Throws: `InputError` when it cannot be read, is damaged, or holds nothing of `content`.
  public init(path: String, of content: Content) throws(InputError) {
    self.path = path
    self.content = content
    database = .allocate(capacity: 1)
    unsafe database.initialize(to: MMDB_s())
    errno = 0
    // Fills the structure, which does not move; on failure it leaves nothing open.
    let status = unsafe MMDB_open(path, UInt32(MMDB_MODE_MMAP), database)
    guard status == MMDB_SUCCESS else {
      let failure = System.Failure.latest
      unsafe database.deallocate()
      isOpen = false
      // What the system says of a file that cannot be opened tells more.
      let message = status == MMDB_FILE_OPEN_ERROR && failure.code != 0 ? failure.text : Self.message(of: status)
      throw InputError(name: Array(path.utf8), code: failure.code, message: message)
    }
    isOpen = true
    guard try holdsContent() else {
      throw InputError(name: Array(path.utf8), code: 0, message: "a database of addresses, but without \(content.noun)")
    }
  }

  /// False where opening failed.
  private let isOpen: Bool

  deinit {
    guard isOpen else { return }
    unsafe MMDB_close(database)
    unsafe database.deallocate()
  }

  /// The first fault that a look-up met: the database is damaged.
  public var fault: InputError? {
    firstFault.withLock { $0 }.map { InputError(name: Array(path.utf8), code: 0, message: $0) }
  }

  /// The country of an address, packed as in `Request.country`; nil where the database does not know it.
  public func country(of address: IPAddress) -> UInt16? { find(address, Self.country) }

  /// The autonomous system of an address; nil where the database does not know it.
  public func system(of address: IPAddress) -> UInt32? { find(address, Self.system) }
}

// MARK: - Look-up

extension AddressDatabase {
  private func find<Value>(_ address: IPAddress, _ value: (MMDB_entry_data_s) -> Value?) -> Value? {
    var status = MMDB_SUCCESS
    // The structures live until the call returns, and the library reads the size that the family implies.
    let found =
      if address.isIPv6 {
        unsafe withUnsafePointer(to: sockaddr_in6(address)) { pointer in
          unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe MMDB_lookup_sockaddr(database, $0, &status) }
        }
      } else {
        unsafe withUnsafePointer(to: sockaddr_in(address)) { pointer in
          unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe MMDB_lookup_sockaddr(database, $0, &status) }
        }
      }
    // A database of IPv4 knows no IPv6 address, which is no fault of it.
    guard status != MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR else { return nil }
    guard status == MMDB_SUCCESS else { return note(status) }
    return unsafe found.found_entry ? self.value(in: found.entry, value) : nil
  }

  /// The value at the first of the paths that has one.
  private func value<Value>(in entry: MMDB_entry_s, _ value: (MMDB_entry_data_s) -> Value?) -> Value? {
    for path in content.paths {
      var entry = unsafe entry
      var data = unsafe MMDB_entry_data_s()
      // Static strings end with a zero byte and live as long as the process.
      let names = unsafe path.map { unsafe UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self) as UnsafePointer<CChar>? } + [nil]
      let status = unsafe names.withUnsafeBufferPointer { unsafe MMDB_aget_value(&entry, &data, $0.baseAddress) }
      guard status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR else { continue }
      guard status == MMDB_SUCCESS else { return note(status) }
      if unsafe data.has_data, let found = unsafe value(data) { return found }
    }
    return nil
  }

  private func note<Value>(_ status: CInt) -> Value? {
    firstFault.withLock { if $0 == nil { $0 = Self.message(of: status) } }
    return nil
  }

  private static func message(of status: CInt) -> String {
    // The library's texts are static.
    unsafe MMDB_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)"
  }

  private static func country(_ data: MMDB_entry_data_s) -> UInt16? {
    guard let text = text(data), text.count == 2, text.allSatisfy(\.isASCIILetter) else { return nil }
    // Without the bit that tells lower case.
    return UInt16(text[0] & 0xdf) << 8 | UInt16(text[1] & 0xdf)
  }

  /// A number, or a text such as `AS64496`.
  private static func system(_ data: MMDB_entry_data_s) -> UInt32? {
    switch unsafe CInt(bitPattern: data.type) {
    case MMDB_DATA_TYPE_UINT16: return unsafe UInt32(data.uint16)
    case MMDB_DATA_TYPE_UINT32: return unsafe data.uint32
    case MMDB_DATA_TYPE_UINT64: return unsafe UInt32(exactly: data.uint64)
    default:
      guard let text = text(data) else { return nil }
      let digits = text.starts(with: Array("AS".utf8)) ? text.dropFirst(2) : text[...]
      return digits.allSatisfy(\.isASCIIDigit) ? UInt32(String(decoding: digits, as: UTF8.self)) : nil
    }
  }

  private static func text(_ data: MMDB_entry_data_s) -> [UInt8]? {
    guard unsafe data.type == MMDB_DATA_TYPE_UTF8_STRING, let start = unsafe data.utf8_string else { return nil }
    // The library has checked that so many bytes lie in the file.
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(data.data_size)))
  }
}

// MARK: - What a database holds

extension AddressDatabase {
  /// Nodes of the tree that are looked at for a first value.
  private static let probedNodes = 100_000

  /// Whether any of the first records holds what is looked up, so that a database of another kind is not taken for one that knows nothing.
  private func holdsContent() throws(InputError) -> Bool {
    // Depth first: the tree is at most 128 levels deep, and a damaged one with a cycle ends at the limit.
    var waiting: [UInt32] = [0]
    var visited = 0
    while let number = waiting.popLast(), visited < Self.probedNodes {
      visited += 1
      var node = unsafe MMDB_search_node_s()
      let status = unsafe MMDB_read_node(database, number, &node)
      guard status == MMDB_SUCCESS else { throw InputError(name: Array(path.utf8), code: 0, message: Self.message(of: status)) }
      let records = unsafe [
        (node.right_record_type, node.right_record, node.right_record_entry), (node.left_record_type, node.left_record, node.left_record_entry),
      ]
      for (type, record, entry) in unsafe records {
        switch unsafe CInt(type) {
        case MMDB_RECORD_TYPE_SEARCH_NODE: if let child = unsafe UInt32(exactly: record) { waiting.append(child) }
        case MMDB_RECORD_TYPE_DATA: if unsafe hasValue(entry) { return true }
        case MMDB_RECORD_TYPE_INVALID: throw InputError(name: Array(path.utf8), code: 0, message: Self.message(of: MMDB_CORRUPT_SEARCH_TREE_ERROR))
        default: break
        }
      }
      if let fault { throw fault }
    }
    return false
  }

  private func hasValue(_ entry: MMDB_entry_s) -> Bool {
    switch content {
    case .country: unsafe value(in: entry, Self.country) != nil
    case .system: unsafe value(in: entry, Self.system) != nil
    }
  }
}

extension sockaddr_in {
  fileprivate init(_ address: IPAddress) {
    self.init()
    sin_family = sa_family_t(AF_INET)
    sin_addr.s_addr = UInt32(truncatingIfNeeded: address.value).bigEndian
  }
}

extension sockaddr_in6 {
  fileprivate init(_ address: IPAddress) {
    self.init()
    sin6_family = sa_family_t(AF_INET6)
    // Both are sixteen bytes without a pointer.
    withUnsafeMutableBytes(of: &sin6_addr) { bytes in
      withUnsafeBytes(of: address.value.bigEndian) { unsafe bytes.copyMemory(from: $0) }
    }
  }
}
