#include <sqlite3.h>

// The constant that makes SQLite copy a text is a cast of -1 to a function, which Swift does not import.
static inline int csqlite_bind_copied_text(sqlite3_stmt *statement, int column, const char *text, int length) {
  return sqlite3_bind_text(statement, column, text, length, SQLITE_TRANSIENT);
}
