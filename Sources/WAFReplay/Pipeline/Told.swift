/// How many messages an observer was told: a replay that begins again does not tell them twice.
final class Told {
  fileprivate(set) var warnings = 0
  fileprivate(set) var errors = 0
  fileprivate(set) var gaps = 0
  fileprivate(set) var notes = 0
}

extension Replay.Observer {
  /// The same, with its messages counted.
  func counting(_ told: Told) -> Replay.Observer {
    var observer = self
    observer.warning = { text in
      told.warnings += 1
      warning?(text)
    }
    observer.error = { text in
      told.errors += 1
      error?(text)
    }
    observer.note = { text in
      told.notes += 1
      note?(text)
    }
    observer.gaps = { format, gaps, records in
      told.gaps += 1
      self.gaps?(format, gaps, records)
    }
    return observer
  }

  /// The same, without as many messages as were told before: they come in the same order again.
  func skipping(_ told: Told) -> Replay.Observer {
    var observer = self
    observer.warning = { text in
      if told.warnings > 0 { told.warnings -= 1 } else { warning?(text) }
    }
    observer.error = { text in
      if told.errors > 0 { told.errors -= 1 } else { error?(text) }
    }
    observer.note = { text in
      if told.notes > 0 { told.notes -= 1 } else { note?(text) }
    }
    observer.gaps = { format, gaps, records in
      if told.gaps > 0 { told.gaps -= 1 } else { self.gaps?(format, gaps, records) }
    }
    return observer
  }
}
