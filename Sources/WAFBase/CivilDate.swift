/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Equatable, Sendable {
  /// Astronomical year: 0 is the year before 1.
  public var year: Int64
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int

  /// The date; nil when the month has no such day, or the year has more than nine digits.
  public init?(year: Int64, month: Int, day: Int) {
    guard abs(year) < 1_000_000_000, (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year) else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The date that lies `days` days after 1970-01-01.
  ///
  /// - Parameter days: At most a million million either way, which covers every 64-bit count of milliseconds with ease.
  ///   Beyond that it is clamped.
  public init(daysSinceEpoch days: Int64) {
    // Years are counted from 1 March, so that the leap day is the last day of a year, in cycles of 400 years.
    let shifted = min(max(days, -1_000_000_000_000), 1_000_000_000_000) + Self.epoch
    let (cycle, dayOfCycle) = shifted.flooredDivision(by: Self.daysOfCycle)
    // The first day of year y of a cycle is never later than 366 * y, so the guess is never too high and at most one too low.
    var year = dayOfCycle / 366
    while Self.firstDay(ofMarchYear: year + 1) <= dayOfCycle { year += 1 }
    let dayOfYear = dayOfCycle - Self.firstDay(ofMarchYear: year)
    var monthIndex = 11
    while Self.daysBeforeMarchMonth[monthIndex] > dayOfYear { monthIndex -= 1 }
    month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    day = Int(dayOfYear - Self.daysBeforeMarchMonth[monthIndex]) + 1
    self.year = cycle * 400 + year + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01, negative before.
  public var daysSinceEpoch: Int64 {
    let marchYear = month > 2 ? year : year - 1
    let (cycle, yearOfCycle) = marchYear.flooredDivision(by: 400)
    let dayOfYear = Self.daysBeforeMarchMonth[month > 2 ? month - 3 : month + 9] + Int64(day) - 1
    return cycle * Self.daysOfCycle + Self.firstDay(ofMarchYear: yearOfCycle) + dayOfYear - Self.epoch
  }

  /// Number of days of a month of the Gregorian calendar.
  private static func length(ofMonth month: Int, year: Int64) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1 March of the year 0 to 1 January 1970.
  private static let epoch: Int64 = 719_468
  /// Days of 400 years.
  private static let daysOfCycle: Int64 = 146_097
  /// Days from 1 March to the first day of each month, March first.
  private static let daysBeforeMarchMonth: [Int64] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337]

  /// Days from the start of a cycle to 1 March of its year `year`, 0 to 400.
  private static func firstDay(ofMarchYear year: Int64) -> Int64 { 365 * year + year / 4 - year / 100 + year / 400 }
}

extension Int64 {
  /// The quotient rounded towards minus infinity, and the remainder, which is never negative. `divisor` is positive.
  func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
