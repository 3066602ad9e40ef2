internal import XinglinKit

extension Rows {
    /// The row of a statement that always gives one.
    func single<each Column: SQLDecodable>(
        as type: (repeat each Column).Type = (repeat each Column).self
    ) throws -> (repeat each Column) {
        guard let row: (repeat each Column) = try self.first(as: type) else { throw RowMissing() }
        return row
    }

    /// A statement without the row that it always gives.
    struct RowMissing: Error {}
}
