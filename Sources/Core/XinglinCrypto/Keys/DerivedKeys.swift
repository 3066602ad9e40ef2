/// The keys derived from one master, each for one purpose.
struct DerivedKeys: Sendable {
    /// SM4, 128 bits.
    let encryption: [UInt8]
    /// HMAC-SM3 of sealed values.
    let authentication: [UInt8]
    /// HMAC-SM3 of blind indexes.
    let index: [UInt8]

    init(master: [UInt8]) throws {
        func derive(_ label: String) throws -> [UInt8] { try SM3.hmac(key: master, Array(label.utf8)) }
        self.encryption = Array(try derive("xinglin field encryption").prefix(16))
        self.authentication = try derive("xinglin field authentication")
        self.index = try derive("xinglin blind index")
    }
}
