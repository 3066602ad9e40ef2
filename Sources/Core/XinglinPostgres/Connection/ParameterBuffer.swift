/// A statement's values as the C strings that libpq wants, in one allocation.
struct ParameterBuffer {
    private var bytes: [CChar] = []
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
            for byte in value.utf8 { self.bytes.append(CChar(bitPattern: byte)) }
            self.bytes.append(0)
        }
    }

    /// Gives the pointers, nil for NULL, for as long as the closure runs.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        self.bytes.withUnsafeBufferPointer { bytes in
            let pointers = self.offsets.map { offset in offset < 0 ? nil : bytes.baseAddress?.advanced(by: offset) }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
