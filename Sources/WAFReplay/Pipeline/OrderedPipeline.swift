internal import WAFBase

/// Takes items from a source, works on them on several threads, and gives the results in the order of the items.
///
///     source ──▶ 4 ──▶ worker ─▶ 2 ─┐
///     (one at a time)  worker ─▶ 3 ─┴▶ next() ─▶ 1, 2, 3, 4 …
///
/// Whichever worker is free takes the next item, one worker at a time, so the source needs no thread and no lock of its own. No more than
/// `window` items are under way; then workers wait until results are taken. So memory does not grow with the input, and a source that has
/// nothing for now, such as a terminal, holds up one worker only.
final class OrderedPipeline<Item, Result>: @unchecked Sendable {
  // Everything below is touched inside `monitor.locked` only, except the source, which `isSourceTaken` gives to one worker at a time.
  private let monitor = Monitor()
  private let window: Int
  private let source: () -> Item?
  private var isSourceTaken = false
  private var isSourceEmpty = false
  private var isStopped = false
  private var taken = 0
  private var given = 0
  private var results: [Int: Result] = [:]

  /// What `next` found.
  enum Next {
    case result(Result)
    /// Nothing is ready yet.
    case notYet
    /// There is no further result.
    case end
  }

  /// A pipeline without workers.
  ///
  /// - Parameter source: The next item; nil at the end. Never called by two threads at once.
  init(window: Int, source: @escaping () -> Item?) {
    self.window = max(window, 1)
    self.source = source
  }

  /// Works until the source is empty or the pipeline is stopped. Called by each worker.
  func work(_ process: (Item) -> Result) {
    while let (number, item) = take() {
      let result = process(item)
      monitor.locked {
        results[number] = result
        monitor.changed()
      }
    }
  }

  /// The next result in order, where it is ready.
  ///
  /// - Parameter milliseconds: How long to wait for it, at most.
  func next(waiting milliseconds: Int) -> Next {
    monitor.locked {
      if results[given] == nil, !isAtEnd, milliseconds > 0 { monitor.wait(milliseconds: milliseconds) }
      guard let result = results.removeValue(forKey: given) else { return isAtEnd ? .end : .notYet }
      given += 1
      monitor.changed()
      return .result(result)
    }
  }

  /// Lets workers end after the item they are at.
  func stop() {
    monitor.locked {
      isStopped = true
      monitor.changed()
    }
  }

  private var isAtEnd: Bool { (isSourceEmpty || isStopped) && given == taken }

  private func take() -> (number: Int, item: Item)? {
    let isAllowed = monitor.locked {
      while !isSourceEmpty, !isStopped, isSourceTaken || taken - given >= window { monitor.wait() }
      guard !isSourceEmpty, !isStopped else { return false }
      isSourceTaken = true
      return true
    }
    guard isAllowed else { return nil }
    let item = source()
    return monitor.locked {
      isSourceTaken = false
      defer { monitor.changed() }
      guard let item else {
        isSourceEmpty = true
        return nil
      }
      taken += 1
      return (taken - 1, item)
    }
  }
}
