/// A plain value that a `Pool` can hold: while it is not in use, `link` is its place in the list of free ones.
protocol Pooled: BitwiseCopyable {
  /// Number of another element; 0 for none.
  var link: UInt32 { get set }
}

/// Elements known by their numbers, from 1; 0 stands for none.
///
/// They are kept in pages, so that growing copies nothing and costs no memory beyond a page. What is removed is used again first.
struct Pool<Element: Pooled>: ~Copyable {
  /// Each has room for `pageSize` elements.
  private var pages: [UnsafeMutablePointer<Element>] = []
  private var firstFree: UInt32 = 0
  /// One more than the highest number that was ever in use.
  private(set) var end: UInt32 = 1

  private static var pageBits: UInt32 { 12 }
  private static var pageSize: Int { 1 << Int(pageBits) }

  deinit {
    // Allocated by `addPage`, and nobody else has these pointers.
    for page in pages { unsafe UnsafeMutableRawPointer(page).deallocate() }
  }

  /// Adds an element and returns its number.
  mutating func insert(_ element: Element) -> UInt32 {
    let number: UInt32
    if firstFree != 0 {
      number = firstFree
      firstFree = self[number].link
    } else {
      number = end
      if Int(number >> Self.pageBits) == pages.count { addPage() }
      end += 1
    }
    self[number] = element
    return number
  }

  /// Removes an element that is in use.
  mutating func remove(_ number: UInt32) {
    self[number].link = firstFree
    firstFree = number
  }

  /// The element of this number, which is in use.
  subscript(number: UInt32) -> Element {
    // `insert` gave out the number, so its page is there, and the array checks that it is; the rest of the number lies within a page.
    @inline(__always) _read { yield unsafe pages[Int(number >> Self.pageBits)][Int(number) & (Self.pageSize - 1)] }
    @inline(__always) _modify { yield unsafe &pages[Int(number >> Self.pageBits)][Int(number) & (Self.pageSize - 1)] }
  }

  /// At the start of a cache line, so that elements of 64 bytes have one each.
  private mutating func addPage() {
    let page = UnsafeMutableRawPointer.allocate(byteCount: Self.pageSize * MemoryLayout<Element>.stride, alignment: 64)
    // Fresh memory of the right size and alignment. Elements are trivial: those not inserted yet are never read.
    unsafe pages.append(page.bindMemory(to: Element.self, capacity: Self.pageSize))
  }
}
