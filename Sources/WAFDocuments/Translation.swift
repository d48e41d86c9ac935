internal import WAFJSON
internal import WAFModel

/// A set, group or web ACL of a template or plan, in the API's form.
///
/// It holds the bare entity with its `Name`, and the `ARN` by which references of the same file name it. Search strings are Base64.
struct TranslatedEntity {
  var kind: RuleDocument.Kind
  /// Its places and source paths are those of the file that a person wrote.
  var document: JSONDocument
}

/// What a template or plan holds.
struct Translation {
  /// Its entities, in the order of the text.
  var entities: [TranslatedEntity]
  /// What was found on the way; findings name values of the file itself.
  var context: DecodingContext
}
