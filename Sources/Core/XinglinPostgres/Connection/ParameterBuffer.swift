/// A statement's values as the C strings that libpq wants, in one allocation.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []

    init(_ values: [String?]) {
        self.bytes.reserveCapacity(values.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 })
        self.offsets.reserveCapacity(values.count)
        for value in values {
            guard let value else {
                self.offsets.append(-1)
                continue
            }
            self.offsets.append(self.bytes.count)
            self.bytes += value.utf8
            self.bytes.append(0)
        }
    }

    /// Gives the pointers, nil for NULL, for as long as the closure runs.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        self.bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = self.offsets.map { offset in offset < 0 ? nil : start.map { UnsafePointer($0 + offset) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
