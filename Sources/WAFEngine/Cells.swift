/// A fixed number of values that are changed where they are: an array whose elements are never copied, and so never counted as references.
struct Cells<Element: ~Copyable>: ~Copyable {
  // Allocated and initialized for `count` elements in `init`, freed in `deinit`, and never handed out.
  private let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  let count: Int

  /// Makes `count` elements in order.
  init(count: Int, _ make: (Int) -> Element) {
    self.count = count
    unsafe base = .allocate(capacity: max(count, 1))
    for index in 0..<count { unsafe (base + index).initialize(to: make(index)) }
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// The indices in order.
  var indices: Range<Int> { 0..<count }

  /// The element at `index`; traps where there is none.
  subscript(index: Int) -> Element {
    // By address: with `yield` the thread sanitizer's build of Swift 6.3 breaks.
    @inline(__always) unsafeAddress {
      precondition(index >= 0 && index < count)
      return unsafe UnsafePointer(base + index)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(index >= 0 && index < count)
      return unsafe base + index
    }
  }
}
