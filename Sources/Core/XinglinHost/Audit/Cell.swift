internal import XinglinKit

/// A column that is read whatever it holds. Who tampers with the audit may leave what no host wrote — NULL, an infinite time:
/// that is a finding, and must not end the reading of everything else.
struct Cell<Value: SQLDecodable & Sendable>: SQLDecodable, Sendable {
    /// nil for NULL and for what is no `Value`.
    let value: Value?
    /// Whether it is NULL or a `Value`.
    let isReadable: Bool

    static func decode(cell: UnsafeRawBufferPointer?) throws -> Cell {
        guard let cell else { return Cell(value: nil, isReadable: true) }
        let value = try? Value.decode(cell: cell)
        return Cell(value: value, isReadable: value != nil)
    }
}

extension Int64 {
    /// The sum, or the largest number where that is larger: numbers that were tampered with must not end the program.
    func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }

    /// The difference, within what a number can be.
    func clampedDifference(_ other: Int64) -> Int64 {
        let (difference, overflow) = self.subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
