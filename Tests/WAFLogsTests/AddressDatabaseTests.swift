import Foundation
import TestSupport
import Testing
import WAFBase
import WAFRequest

@testable import WAFLogs

struct AddressDatabaseCase: Decodable, Sendable, CustomTestStringConvertible {
  var note: String
  /// `country` or `system`.
  var kind: String
  /// Where the record holds it: as MaxMind does, under a code of its own, or as a text.
  var shape: String
  var version: UInt16?
  var network: String
  var address: String
  var country: String?
  var system: UInt32?
  var testDescription: String { "\(address): \(note)" }

  var content: AddressDatabase.Content { kind == "country" ? .country : .system }

  /// The record of `network`.
  var record: AddressDatabaseWriter.Value {
    switch (kind, shape) {
    case ("country", "maxmind"): .map([("country", .map([("iso_code", .text("JP")), ("geoname_id", .uint32(1_861_060))]))])
    case ("country", "code"): .map([("country_code", .text("JP"))])
    case ("country", _): .map([("country", .text("JP"))])
    case (_, "maxmind"): .map([("autonomous_system_number", .uint32(64_496)), ("autonomous_system_organization", .text("Example"))])
    default: .map([("asn", .text("AS64496"))])
    }
  }

  var file: [UInt8] {
    get throws {
      let cidr = try CIDR(text: network.utf8.span)
      var writer = AddressDatabaseWriter(type: "Test", version: version ?? 6)
      // In a database of IPv6 the IPv4 addresses are the first ones.
      let isWide = version != 4
      let length = cidr.prefixLength + (isWide && !cidr.address.isIPv6 ? 96 : 0)
      writer.add(cidr.address.value, width: isWide ? 128 : 32, length: length, record)
      return writer.bytes
    }
  }
}

private func address(_ text: String) -> IPAddress? { IPAddress(text: text.utf8.span) }

/// A database in a file of its own that is gone afterwards.
private func withDatabase<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("wafcast-\(UUID().uuidString).mmdb")
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

@Test("Databases of addresses in the shapes of several vendors", arguments: try Fixture.table("address_databases.json", of: AddressDatabaseCase.self))
func addressDatabase(_ example: AddressDatabaseCase) throws {
  try withDatabase(example.file) { path in
    let database = try AddressDatabase(path: path, of: example.content)
    let client = try #require(address(example.address))
    let country = example.country.map { UInt16($0.utf8.first ?? 0) << 8 | UInt16($0.utf8.last ?? 0) }
    if example.kind == "country" { #expect(database.country(of: client) == country) }
    if example.kind == "system" { #expect(database.system(of: client) == example.system) }
    #expect(database.fault == nil)
  }
}

@Test("What the log tells stays; what it does not is looked up and marked; an address that is not known stays open")
func placesAreCompleted() throws {
  let rows = try Fixture.table("address_databases.json", of: AddressDatabaseCase.self)
  try withDatabase(try #require(rows.first { $0.kind == "country" }).file) { countries in
    try withDatabase(try #require(rows.first { $0.kind == "system" }).file) { systems in
      var databases = PlaceDatabases()
      databases.countries = try AddressDatabase(path: countries, of: .country)
      databases.systems = try AddressDatabase(path: systems, of: .system)
      var finder = PlaceFinder(databases)
      func completed(_ text: String?, country: UInt16? = nil) -> Request {
        var request = Request()
        request.clientAddress = text.flatMap { address($0) }
        request.country = country
        finder.complete(&request)
        return request
      }
      // Twice, since the second answer comes from the memo.
      for _ in 0..<2 {
        let known = completed("192.0.2.1")
        #expect(known.country == 0x4a50 && known.asn == 64_496 && known.derived == [.country, .system])
        let told = completed("192.0.2.1", country: 0x4445)
        #expect(told.country == 0x4445 && told.asn == 64_496 && told.derived == .system)
        let unknown = completed("203.0.113.1")
        #expect(unknown.country == nil && unknown.asn == nil && unknown.derived.isEmpty)
        #expect(completed(nil).derived.isEmpty)
      }
    }
  }
}

@Test("Damaged and wrong databases are refused by name or end in a fault, and never trap")
func damagedDatabases() throws {
  let rows = try Fixture.table("address_databases.json", of: AddressDatabaseCase.self)
  let file = try rows[0].file
  func message(_ bytes: [UInt8], _ content: AddressDatabase.Content = .country) throws -> String? {
    try withDatabase(bytes) { path in
      do throws(InputError) {
        _ = try AddressDatabase(path: path, of: content)
        return nil
      } catch {
        #expect(error.name == Array(path.utf8))
        return error.message
      }
    }
  }
  #expect(try message(file) == nil)
  #expect(try message([]) != nil)
  #expect(try message(Array("no database at all".utf8)) != nil)
  #expect(try message(file, .system)?.contains("without autonomous systems") == true)
  #expect(throws: InputError.self) { try AddressDatabase(path: "/nonexistent/countries.mmdb", of: .country) }
  // Cut anywhere, and with any byte changed.
  for count in stride(from: 0, to: file.count, by: 7) { _ = try message(Array(file.prefix(count))) }
  let client = try #require(address("192.0.2.1"))
  for position in file.indices {
    var damaged = file
    damaged[position] ^= 0xff
    try withDatabase(damaged) { path in
      guard let database = try? AddressDatabase(path: path, of: .country) else { return }
      _ = database.country(of: client)
      _ = database.fault
    }
  }
}
