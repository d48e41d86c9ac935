extension SQLInjection {
  /// What a token is.
  public enum TokenKind: UInt8, CaseIterable, Sendable {
    /// `&`: `AND`, `OR`, `XOR`, `&&`, `||`.
    case logic
    /// `(`.
    case leftParenthesis
    /// `)`.
    case rightParenthesis
    /// `,`.
    case comma
    /// `.`.
    case dot
    /// `1`: a number, or a word that stands for one.
    case number
    /// `:`.
    case colon
    /// `;`.
    case semicolon
    /// `?`: a byte that means nothing by itself.
    case unknown
    /// `A`: `COLLATE`.
    case collation
    /// `B`: `GROUP BY`, `LIMIT`, `HAVING` and the like.
    case grouping
    /// `E`: what begins an expression or a statement, such as `SELECT`, `INSERT`, `CASE`.
    case expression
    /// `T`: other statements, such as `EXEC`, `DECLARE`, `DROP`.
    case statement
    /// `U`: `UNION`, `EXCEPT`, `INTERSECT`.
    case union
    /// `X`: what databases read so differently that it is taken for an attack, such as a comment in a comment.
    case evil
    /// `\`.
    case backslash
    /// `c`: a comment.
    case comment
    /// `f`: a function.
    case function
    /// `k`: any other keyword.
    case keyword
    /// `n`: a word without a meaning of its own, such as the name of a column.
    case word
    /// `o`: an operator.
    case `operator`
    /// `s`: a string.
    case string
    /// `t`: a type, such as `VARCHAR`.
    case type
    /// `v`: a variable.
    case variable
    /// `{`.
    case leftBrace
    /// `}`.
    case rightBrace

    private static let letters: StaticString = "&(),.1:;?ABETUX\\cfknostv{}"

    /// The letter that stands for the kind in a fingerprint.
    public var letter: UInt8 {
      // The text has as many bytes as there are kinds, and is there as long as the program.
      unsafe Self.letters.utf8Start[Int(rawValue)]
    }

    /// The kind with this letter; nil where no kind has it.
    init?(letter: UInt8) {
      var number: UInt8 = 0
      while let kind = Self(rawValue: number), kind.letter != letter { number += 1 }
      self.init(rawValue: number)
    }
  }
}
