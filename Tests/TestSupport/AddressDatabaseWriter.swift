/// Writes small databases of addresses in MaxMind's format, so that none has to be stored.
///
///     search tree (nodes of two 24-bit records) · 16 zero bytes · data · marker · metadata
///
/// Source: MaxMind DB file format specification, version 2.0.
public struct AddressDatabaseWriter {
  /// A value of the data section.
  public indirect enum Value {
    case text(String)
    case uint16(UInt16)
    case uint32(UInt32)
    case uint64(UInt64)
    case map([(String, Value)])
    case array([Value])
  }

  private enum Record {
    case empty
    case node(Int)
    /// Offset in the data section.
    case data(Int)
  }

  private let type: String
  private let version: UInt16
  private var nodes: [(Record, Record)] = [(.empty, .empty)]
  private var data: [UInt8] = []

  /// An empty database; `version` is 4 or 6.
  public init(type: String, version: UInt16) {
    self.type = type
    self.version = version
  }

  /// Adds a network of `length` bits, the first bits of `address`; its bits are counted from the top of `width`. Networks must not overlap.
  public mutating func add(_ address: UInt128, width: Int, length: Int, _ value: Value) {
    let offset = data.count
    append(value, to: &data)
    var node = 0
    for bit in 0..<length {
      let isRight = (address >> UInt128(width - 1 - bit)) & 1 == 1
      if bit == length - 1 {
        set(node, isRight, .data(offset))
      } else if case .node(let next) = isRight ? nodes[node].1 : nodes[node].0 {
        node = next
      } else {
        nodes.append((.empty, .empty))
        set(node, isRight, .node(nodes.count - 1))
        node = nodes.count - 1
      }
    }
  }

  private mutating func set(_ node: Int, _ isRight: Bool, _ record: Record) {
    if isRight { nodes[node].1 = record } else { nodes[node].0 = record }
  }

  /// The file.
  public var bytes: [UInt8] {
    var file: [UInt8] = []
    for (left, right) in nodes {
      for record in [left, right] {
        let number =
          switch record {
          case .empty: nodes.count
          case .node(let index): index
          case .data(let offset): nodes.count + 16 + offset
          }
        for shift in [16, 8, 0] { file.append(UInt8(truncatingIfNeeded: number >> shift)) }
      }
    }
    file += [UInt8](repeating: 0, count: 16) + data + [0xab, 0xcd, 0xef] + Array("MaxMind.com".utf8)
    append(
      .map([
        ("node_count", .uint32(UInt32(nodes.count))), ("record_size", .uint16(24)), ("ip_version", .uint16(version)), ("database_type", .text(type)),
        ("languages", .array([])), ("binary_format_major_version", .uint16(2)), ("binary_format_minor_version", .uint16(0)),
        ("build_epoch", .uint64(1_700_000_000)), ("description", .map([])),
      ]), to: &file)
    return file
  }

  private func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .text(let text):
      begin(2, size: text.utf8.count, in: &bytes)
      bytes += text.utf8
    case .uint16(let number): append(UInt64(number), type: 5, to: &bytes)
    case .uint32(let number): append(UInt64(number), type: 6, to: &bytes)
    case .uint64(let number): append(number, type: 9, to: &bytes)
    case .map(let members):
      begin(7, size: members.count, in: &bytes)
      for (name, member) in members {
        append(.text(name), to: &bytes)
        append(member, to: &bytes)
      }
    case .array(let elements):
      begin(11, size: elements.count, in: &bytes)
      for element in elements { append(element, to: &bytes) }
    }
  }

  private func append(_ number: UInt64, type: UInt8, to bytes: inout [UInt8]) {
    let size = (64 - number.leadingZeroBitCount + 7) / 8
    begin(type, size: size, in: &bytes)
    for index in (0..<size).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))) }
  }

  /// The control byte; from 29 on the size stands behind it. Sizes from 285 on are not needed here.
  private func begin(_ type: UInt8, size: Int, in bytes: inout [UInt8]) {
    precondition(size < 285)
    let bits = UInt8(min(size, 29))
    bytes += type <= 7 ? [type << 5 | bits] : [bits, type - 7]
    if size >= 29 { bytes.append(UInt8(size - 29)) }
  }
}
