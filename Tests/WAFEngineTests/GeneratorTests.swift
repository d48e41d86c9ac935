import Testing
import WAFBase
import WAFModel
import WAFRequest

@Suite struct GeneratorTests {
  @Test func sameSeedSameCase() {
    var first = Generator(seed: 7)
    var second = Generator(seed: 7)
    #expect(first.documents() == second.documents())
  }
}
