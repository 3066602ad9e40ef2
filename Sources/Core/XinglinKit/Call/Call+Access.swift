extension Call {
    /// Says that this read shows personal data: on what basis, and of whom. The read is answered only after an audit row that
    /// says so is kept. In a write, the facts join the write's own audit row.
    /// - Parameters:
    ///   - basis: a code such as `care`, never text that a person typed.
    ///   - subjects: the ids of the records shown; of more than 100 the audit row keeps the first 100 and the count.
    public func recordAccess(basis: String, subjects: [RecordID]) {
        self.context.recordAccess(basis: basis, subjects: subjects)
    }
}
