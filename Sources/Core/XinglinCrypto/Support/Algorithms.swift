internal import CLibCrypto

/// The algorithms of libcrypto that we use, each fetched once: a fetch costs more than hashing a short text.
enum Algorithms {
    static let sm3 = Result { try Algorithm.digest("SM3") }
    static let sha256 = Result { try Algorithm.digest("SHA256") }
    static let sm4CTR = Result { try Algorithm.cipher("SM4-CTR") }
    static let hmacSM3 = Result { try Algorithm.hmac(digest: "SM3") }
}

/// A fetched algorithm, which lives as long as the process.
struct Algorithm: @unchecked Sendable {
    // SAFETY: libcrypto's fetched methods are immutable and reference-counted atomically; the one MAC context here is
    // only ever the source of EVP_MAC_CTX_dup, which does not change it.
    let pointer: OpaquePointer

    static func digest(_ name: String) throws -> Algorithm {
        Algorithm(pointer: try require(EVP_MD_fetch(nil, name, nil), "fetching \(name)"))
    }

    static func cipher(_ name: String) throws -> Algorithm {
        Algorithm(pointer: try require(EVP_CIPHER_fetch(nil, name, nil), "fetching \(name)"))
    }

    /// A context with the digest chosen, to be copied for every use.
    static func hmac(digest: String) throws -> Algorithm {
        let mac = try require(EVP_MAC_fetch(nil, "HMAC", nil), "fetching HMAC")
        defer { EVP_MAC_free(mac) }
        let context = try require(EVP_MAC_CTX_new(mac), "EVP_MAC_CTX_new")
        var name = Array(digest.utf8CString)
        let done = "digest".withCString { key in
            name.withUnsafeMutableBytes { text in
                let parameters = [
                    OSSL_PARAM(
                        key: key, data_type: UInt32(OSSL_PARAM_UTF8_STRING), data: text.baseAddress,
                        data_size: text.count - 1, return_size: 0),
                    OSSL_PARAM(key: nil, data_type: 0, data: nil, data_size: 0, return_size: 0),
                ]
                return EVP_MAC_CTX_set_params(context, parameters) == 1
            }
        }
        try require(done, "choosing \(digest) for HMAC")
        return Algorithm(pointer: context)
    }
}
