/// The tables of `diff -o sqlite`, which are a contract as those of `DatabaseSchema` are: columns are added, never renamed.
///
///     run             one row: the program, what was read and compared
///     side            the two web ACLs: `base` and `head`
///     outcome         requests by final action, of each side
///     transition      requests by what the first web ACL does and what the second does
///     change          who is newly blocked, let through or challenged: `new-block`, `new-allow`, `new-challenge`
///     change_top      the most frequent values of a change; `kind` is rule, client, network, path, country or user_agent. A rule is the one that acts,
///                     and of requests that are newly let through the one that no longer stops them
///     change_sample   the first requests of a change, and the command that explains each
///     rule_change     what changed in the rules themselves, in words
///
/// Counts that unknowns can move are two columns, `low` and `high`. Times are milliseconds since 1970 (`time`), and text (`time_text`). Numbers and
/// identifiers in paths are folded in `change_top`. Texts from logs are inert, with their secrets masked as in the text report.
enum DiffSchema {
  /// What makes the empty tables.
  static let statements =
    DatabaseSchema.settings + """
      CREATE TABLE run (
        wafcast TEXT NOT NULL, files INTEGER NOT NULL, records INTEGER NOT NULL, bad INTEGER NOT NULL, skipped INTEGER NOT NULL,
        filtered INTEGER NOT NULL, incomplete INTEGER NOT NULL, from_time INTEGER, from_text TEXT, until_time INTEGER, until_text TEXT,
        compared INTEGER NOT NULL, same_action_other_rule INTEGER NOT NULL
      );
      CREATE TABLE side (
        side TEXT PRIMARY KEY, acl TEXT NOT NULL, sha256 TEXT NOT NULL, capacity INTEGER, capacity_at_least INTEGER NOT NULL, changes TEXT
      ) WITHOUT ROWID;
      CREATE TABLE outcome (
        side TEXT NOT NULL REFERENCES side, action TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (side, action)
      ) WITHOUT ROWID;
      CREATE TABLE transition (
        base TEXT NOT NULL, head TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (base, head)
      ) WITHOUT ROWID;
      CREATE TABLE change (
        name TEXT PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL, clients INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE change_top (
        change TEXT NOT NULL REFERENCES change, kind TEXT NOT NULL, rank INTEGER NOT NULL, value TEXT NOT NULL, low INTEGER NOT NULL,
        high INTEGER NOT NULL, PRIMARY KEY (change, kind, rank)
      ) WITHOUT ROWID;
      CREATE TABLE change_sample (
        change TEXT NOT NULL REFERENCES change, file TEXT NOT NULL, line INTEGER NOT NULL, time INTEGER, time_text TEXT, client TEXT, country TEXT,
        method TEXT, target TEXT, user_agent TEXT, base TEXT NOT NULL, base_rule TEXT, head TEXT NOT NULL, head_rule TEXT, explain TEXT NOT NULL
      );
      CREATE TABLE rule_change (subject TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
      """
}
