/// An encoder that takes JSON bytes as they are. The host's encoder is one; it lets a list go from the database's
/// result straight into the reply (see `RowList`).
public protocol RawJSONSink {
    /// Writes one whole JSON value.
    func encodeRaw(_ json: [UInt8])
}
