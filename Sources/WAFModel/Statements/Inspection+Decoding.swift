extension Inspection {
  /// `FieldToMatch` and `TextTransformations` of a statement (CO-1, CO-2). `accepts` reports a component that the statement cannot inspect.
  init?(of object: JSONObject, accepts: (FieldToMatch) -> Bool) {
    let fieldToMatch = object.required("FieldToMatch", field: .fieldToMatch).flatMap(FieldToMatch.init)
    let isAccepted = fieldToMatch.map(accepts) ?? false
    let transformations = TextTransformation.list(of: object)
    guard let fieldToMatch, let transformations, isAccepted else { return nil }
    switch fieldToMatch {
    case .ja3Fingerprint, .ja4Fingerprint:
      if transformations.contains(where: { $0 != .none }) {
        object.value.report(.fingerprintTransformed, "a fingerprint is compared after transformations other than NONE")
      }
    default: break
    }
    self.init(fieldToMatch, transformations)
  }
}

extension FieldToMatch {
  /// Whether it is a fingerprint, which only a byte match with `EXACTLY` may inspect (BM-6).
  var isFingerprint: Bool {
    switch self {
    case .ja3Fingerprint, .ja4Fingerprint: true
    default: false
    }
  }
}

extension JSONObject {
  /// The inspection of a statement other than a byte match, which no fingerprint can be (section 17).
  func inspectionWithoutFingerprint() -> Inspection? {
    Inspection(of: self) { field in
      if field.isFingerprint { reportFingerprint() }
      return !field.isFingerprint
    }
  }

  /// Reports a fingerprint where none can be.
  func reportFingerprint() {
    optional("FieldToMatch", field: .fieldToMatch)?.report(
      .fingerprintMisuse, "a fingerprint can only be matched by a \(spelling("ByteMatchStatement")) with EXACTLY")
  }
}
