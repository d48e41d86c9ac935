/// The 21 text transformations, by wire name.
///
/// Source: AWS WAFV2 API reference (2019-07-29), `TextTransformationType`.
public enum TextTransformation: String, CaseIterable, Equatable, Hashable, Sendable {
  case none = "NONE"
  case compressWhiteSpace = "COMPRESS_WHITE_SPACE"
  case htmlEntityDecode = "HTML_ENTITY_DECODE"
  case lowercase = "LOWERCASE"
  case cmdLine = "CMD_LINE"
  case urlDecode = "URL_DECODE"
  case base64Decode = "BASE64_DECODE"
  case hexDecode = "HEX_DECODE"
  case md5 = "MD5"
  case replaceComments = "REPLACE_COMMENTS"
  case escapeSeqDecode = "ESCAPE_SEQ_DECODE"
  case sqlHexDecode = "SQL_HEX_DECODE"
  case cssDecode = "CSS_DECODE"
  case jsDecode = "JS_DECODE"
  case normalizePath = "NORMALIZE_PATH"
  case normalizePathWin = "NORMALIZE_PATH_WIN"
  case removeNulls = "REMOVE_NULLS"
  case replaceNulls = "REPLACE_NULLS"
  case base64DecodeExt = "BASE64_DECODE_EXT"
  case urlDecodeUni = "URL_DECODE_UNI"
  case utf8ToUnicode = "UTF8_TO_UNICODE"
}
