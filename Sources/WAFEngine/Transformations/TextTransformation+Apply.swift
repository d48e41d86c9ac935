internal import WAFBase
internal import WAFModel

extension TextTransformation {
  /// Applies the transformation once (TT-6).
  ///
  /// - Parameter output: Emptied or marked by the caller; the result is what is appended to it.
  /// - Returns: False when nothing changes. Then nothing is appended, and the caller goes on with `input`.
  func apply(_ input: Span<UInt8>, to output: inout ByteScratch) -> Bool {
    switch self {
    case .none: NoTransformation.apply(input, to: &output)
    case .compressWhiteSpace: CompressWhiteSpace.apply(input, to: &output)
    case .htmlEntityDecode: HTMLEntityDecode.apply(input, to: &output)
    case .lowercase: Lowercase.apply(input, to: &output)
    case .cmdLine: CmdLine.apply(input, to: &output)
    case .urlDecode: URLDecode.apply(input, to: &output)
    case .base64Decode: Base64Decode.apply(input, to: &output)
    case .hexDecode: HexDecode.apply(input, to: &output)
    case .md5: MD5.apply(input, to: &output)
    case .replaceComments: ReplaceComments.apply(input, to: &output)
    case .escapeSeqDecode: EscapeSeqDecode.apply(input, to: &output)
    case .sqlHexDecode: SQLHexDecode.apply(input, to: &output)
    case .cssDecode: CSSDecode.apply(input, to: &output)
    case .jsDecode: JSDecode.apply(input, to: &output)
    case .normalizePath: NormalizePath.apply(input, to: &output)
    case .normalizePathWin: NormalizePathWin.apply(input, to: &output)
    case .removeNulls: RemoveNulls.apply(input, to: &output)
    case .replaceNulls: ReplaceNulls.apply(input, to: &output)
    case .base64DecodeExt: Base64DecodeExt.apply(input, to: &output)
    case .urlDecodeUni: URLDecodeUni.apply(input, to: &output)
    case .utf8ToUnicode: UTF8ToUnicode.apply(input, to: &output)
    }
  }

  /// Whether the result for the first bytes of a value is always the first part of the result for the whole value, so that
  /// what is known of a cut value stays known after the transformation.
  ///
  /// True where each output byte is settled by the input bytes up to it, and no output waits for what follows:
  /// - `LOWERCASE`, `REPLACE_NULLS`, `REMOVE_NULLS` look at one byte;
  /// - `COMPRESS_WHITE_SPACE` writes the space of a run at its first byte, however the run goes on;
  /// - `HEX_DECODE` writes a byte when its pair is complete, the base64 decoders when its eight bits are, and both write
  ///   nothing for what is left at the end.
  ///
  /// False for the others: an escape, a comment or a UTF-8 sequence that is cut short is copied, a whole one is replaced;
  /// `CMD_LINE` and the path normalisers take back what they wrote; a digest depends on every byte.
  var preservesPrefixes: Bool {
    switch self {
    case .none, .lowercase, .replaceNulls, .removeNulls, .compressWhiteSpace, .hexDecode, .base64Decode, .base64DecodeExt: true
    case .htmlEntityDecode, .cmdLine, .urlDecode, .md5, .replaceComments, .escapeSeqDecode, .sqlHexDecode, .cssDecode, .jsDecode,
      .normalizePath, .normalizePathWin, .urlDecodeUni, .utf8ToUnicode:
      false
    }
  }
}
