/// Sums of lines: due and excess are paid, waived and arrears.
struct DuesSums: Equatable, Codable, Sendable {
    var lines = 0
    var dueFen: Int64 = 0
    var waivedFen: Int64 = 0
    /// With what was paid after a month was closed.
    var paidFen: Int64 = 0
    var laterFen: Int64 = 0
    /// What is still to be paid.
    var arrearsFen: Int64 = 0
    /// What was paid beyond what is owed since it was assessed anew; no month is closed with it.
    var excessFen: Int64 = 0

    /// Counts a line.
    mutating func add(due: Int64, waived: Int64, paid: Int64, later: Int64 = 0) {
        let open = due - waived - paid
        self.lines += 1
        self.dueFen += due
        self.waivedFen += waived
        self.paidFen += paid
        self.laterFen += later
        self.arrearsFen += max(0, open)
        self.excessFen += max(0, -open)
    }

    /// Adds other sums up.
    mutating func add(_ other: DuesSums) {
        self.lines += other.lines
        self.dueFen += other.dueFen
        self.waivedFen += other.waivedFen
        self.paidFen += other.paidFen
        self.laterFen += other.laterFen
        self.arrearsFen += other.arrearsFen
        self.excessFen += other.excessFen
    }
}
