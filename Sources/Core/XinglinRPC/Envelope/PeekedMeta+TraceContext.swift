extension PeekedMeta {
    /// `traceparent` where it is one (W3C Trace Context, version 00): what may stand in the log, for it is digits alone.
    public var traceContext: String? {
        guard let parent = self.traceparent, parent.utf8.count == 55 else { return nil }
        let parts = parent.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts[0].elementsEqual("00".utf8) else { return nil }
        let isHex = parts.dropFirst().allSatisfy { part in
            part.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }
        // An id of noughts stands for none.
        let isGiven = parts[1...2].allSatisfy { part in part.contains { $0 != UInt8(ascii: "0") } }
        return isHex && isGiven ? parent : nil
    }
}
