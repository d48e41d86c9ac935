extension RuleDocuments {
  /// Checks what the web ACL costs (WC-7, Q-1) and what it says of that itself. `value` is the web ACL, or the rules that stand for one.
  package func checkCapacity(at value: JSONValue) {
    let capacity = capacity
    if capacity.units > Capacity.limit {
      value.within(.entityLimit).reportOver(Capacity.limit, capacity)
    } else if capacity.units > Capacity.included {
      value.report(.capacityOverBasicPrice, "\(capacity) WCU; beyond \(Capacity.included) requests cost more")
    }
    if let declared = webACL.declaredCapacity, capacity.isLowerBound ? capacity.units > declared : capacity.units != declared {
      value.member("Capacity")?.report(.declaredCapacityDiffers, "the rules cost \(capacity) WCU, the document says \(declared)")
    }
  }
}

extension RuleGroup {
  /// Checks what the group reserves and what its rules cost (WC-8, Q-2). `value` is the group.
  func checkCapacity(at value: JSONValue) {
    let place = (value.member("Capacity") ?? value).within(.entityLimit)
    let consumption = consumption
    // The local definition of a managed group says what the vendor's rules cost, and has its own.
    if let capacity, ManagedRuleGroups.find(vendor: "AWS", name: name) == nil, consumption.units > capacity {
      place.report(.groupCapacityExceeded, "the rules cost \(consumption) WCU, the group has a Capacity of \(capacity)")
    }
    let reserved = capacity.map { Capacity($0) } ?? consumption
    if reserved.units > Capacity.limit { place.reportOver(Capacity.limit, reserved) }
  }
}

extension JSONValue {
  fileprivate func reportOver(_ limit: Int, _ capacity: Capacity) {
    report(.capacityExceeded, "expected at most \(limit) WCU, found \(capacity)")
  }

  /// A member of the value, where it is an object that has it.
  fileprivate func member(_ name: String) -> JSONValue? { kind == .object ? JSONObject(self).optional(name) : nil }
}
