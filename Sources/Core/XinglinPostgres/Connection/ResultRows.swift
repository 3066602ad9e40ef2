internal import CLibPQ
internal import XinglinKit

/// The rows of one result, in libpq's own memory, which lives as long as this.
final class ResultRows: RowSource {
    private let result: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes over the result.
    init(_ result: OpaquePointer) {
        self.result = result
        self.rowCount = Int(PQntuples(result))
        self.columnCount = Int(PQnfields(result))
    }

    deinit {
        PQclear(self.result)
    }

    var affectedRows: Int {
        guard let text = PQcmdTuples(self.result) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    func withCell<Value>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Value) rethrows -> Value {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(self.result, row, column) == 0, let start = PQgetvalue(self.result, row, column) else {
            return try body(nil)
        }
        return try body(UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(self.result, row, column))))
    }
}
