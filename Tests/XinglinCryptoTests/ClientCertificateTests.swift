import Foundation
import Testing

@testable import XinglinCrypto

@Suite struct ClientCertificateTests {
    private static let now: Int64 = Int64(Date().timeIntervalSince1970)
    private static let day: Int64 = 86_400

    private func openssl(_ arguments: String...) throws -> String {
        let result = try run(["openssl"] + arguments)
        try #require(result.status == 0)
        return String(decoding: result.output, as: UTF8.self)
    }

    private func authority(_ folder: String) throws -> ClientAuthority {
        try ClientAuthority(directory: folder + "/tls", now: Self.now)
    }

    /// A certificate as a file, made out for a key of the account's own.
    private func issue(_ folder: String, account: String = "lab.t1") throws -> (ClientAuthority.Issued, String) {
        let issued = try self.authority(folder).issue(
            request: MachineKey(account: account).requestPEM, account: account, now: Self.now, days: 397)
        let file = folder + "/client.pem"
        try issued.pem.write(toFile: file, atomically: true, encoding: .utf8)
        return (issued, file)
    }

    @Test("OpenSSL accepts a machine's certificate in strict mode for a client, and never for a server")
    func purpose() throws {
        try withFolder { folder in
            let (_, file) = try self.issue(folder)
            let ca = folder + "/tls/ca.pem"
            _ = try self.openssl("verify", "-CAfile", ca, "-x509_strict", "-purpose", "sslclient", file)
            #expect(try run(["openssl", "verify", "-CAfile", ca, "-purpose", "sslserver", file]).status != 0)
            let text = try self.openssl("x509", "-in", file, "-noout", "-text")
            #expect(text.contains("URI:xinglin:principal:lab.t1") && text.contains("TLS Web Client Authentication"))
            #expect(text.contains("CA:FALSE") && !text.contains("TLS Web Server Authentication"))
        }
    }

    @Test("A server's certificate and a CA's never pass as a machine's")
    func serverIsNoClient() throws {
        try withFolder { folder in
            let store = try CertificateStore.prepare(directory: folder + "/tls", names: [], now: Self.now)
            for file in [store.certificateFile, store.caFile] {
                #expect(throws: CryptoError.self) { try ClientCertificate(pem: try text(file)) }
            }
            let verified = try run([
                "openssl", "verify", "-CAfile", store.caFile, "-purpose", "sslclient", store.certificateFile,
            ])
            #expect(verified.status != 0)
        }
    }

    @Test("What is read from the DER is what OpenSSL reads")
    func reading() throws {
        try withFolder { folder in
            let (issued, file) = try self.issue(folder)
            _ = try self.openssl("x509", "-in", file, "-outform", "DER", "-out", folder + "/client.der")
            let der = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/client.der")))
            let read = try ClientCertificate(der: der)
            #expect(read == issued.certificate && read.account == "lab.t1")
            #expect(read.notBefore == Self.now - 3600 && read.notAfter == Self.now + 397 * Self.day)
            let serial = try self.openssl("x509", "-in", file, "-noout", "-serial").lowercased()
            #expect(serial == "serial=\(read.serial)\n")
            let fingerprint = try self.openssl("x509", "-in", file, "-noout", "-fingerprint", "-sha256").lowercased()
            #expect(fingerprint.replacing(":", with: "").hasSuffix("=\(hex(read.fingerprint))\n"))
            #expect(throws: CryptoError.self) { try ClientCertificate(der: der + [0]) }
            #expect(throws: CryptoError.self) { try ClientCertificate(der: Array(der.dropLast())) }
            #expect(throws: CryptoError.self) { try ClientCertificate(der: []) }
        }
    }

    @Test("No altered byte of a certificate makes the reader crash or read another account")
    func altered() throws {
        try withFolder { folder in
            let (_, file) = try self.issue(folder)
            _ = try self.openssl("x509", "-in", file, "-outform", "DER", "-out", folder + "/client.der")
            let der = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/client.der")))
            let fingerprint = try ClientCertificate(der: der).fingerprint
            for index in der.indices {
                var copy = der
                copy[index] ^= 0x01
                // It may still be readable; then it is another certificate, which no host knows.
                let read = try? ClientCertificate(der: copy)
                #expect(read?.fingerprint != fingerprint)
            }
        }
    }

    @Test("Two certificates of one account differ in serial and key, and the CA's own end limits theirs")
    func serials() throws {
        try withFolder { folder in
            let (first, _) = try self.issue(folder)
            let (second, _) = try self.issue(folder)
            #expect(first.certificate.serial != second.certificate.serial)
            let late = Self.now + 3600 * Self.day
            let last = try self.authority(folder).issue(
                request: MachineKey(account: "lab.t1").requestPEM, account: "lab.t1", now: late, days: 397)
            let end = try CertificateInfo.read(pemFile: folder + "/tls/ca.pem").notAfter
            #expect(last.certificate.notAfter == end)
        }
    }

    @Test("The certificate says what the host knows, whatever the request says")
    func requestIsNotBelieved() throws {
        try withFolder { folder in
            _ = try self.openssl(
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                folder + "/key.pem", "-subj", "/CN=admin", "-addext", "subjectAltName=URI:xinglin:principal:admin",
                "-addext", "basicConstraints=CA:TRUE", "-addext", "extendedKeyUsage=serverAuth", "-out",
                folder + "/csr.pem")
            let issued = try self.authority(folder).issue(
                request: try text(folder + "/csr.pem"), account: "lab.t1", now: Self.now, days: 1)
            #expect(issued.certificate.account == "lab.t1")
            try issued.pem.write(toFile: folder + "/c.pem", atomically: true, encoding: .utf8)
            let read = try self.openssl("x509", "-in", folder + "/c.pem", "-noout", "-text")
            #expect(!read.contains("admin") && read.contains("CA:FALSE") && !read.contains("Server Authentication"))
            let key = try self.openssl("pkey", "-in", folder + "/key.pem", "-pubout")
            #expect(try self.openssl("x509", "-in", folder + "/c.pem", "-noout", "-pubkey") == key)
        }
    }

    @Test(
        "Requests for these keys are accepted",
        arguments: [
            ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], ["rsa:2048"],
        ])
    func acceptedKeys(key: [String]) throws {
        try withFolder { folder in
            let made = try run(
                ["openssl", "req", "-new", "-nodes", "-subj", "/CN=a", "-keyout", folder + "/k", "-out", folder + "/r"]
                    + ["-newkey"] + key)
            try #require(made.status == 0)
            let request = try text(folder + "/r")
            let issued = try self.authority(folder).issue(
                request: request, account: "lab.t1", now: Self.now, days: 1)
            #expect(issued.certificate.account == "lab.t1")
        }
    }

    @Test(
        "Requests for weak and foreign keys are refused",
        arguments: [
            ["rsa:1024"], ["rsa:8192"], ["ed25519"], ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
            ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
        ])
    func refusedKeys(key: [String]) throws {
        try withFolder { folder in
            let made = try run(
                ["openssl", "req", "-new", "-nodes", "-subj", "/CN=a", "-keyout", folder + "/k", "-out", folder + "/r"]
                    + ["-newkey"] + key)
            try #require(made.status == 0)
            let request = try text(folder + "/r")
            let refusal = #expect(throws: CertificateRequestRefused.self) {
                try self.authority(folder).check(request: request)
            }
            #expect(refusal == .unsuitedKey)
        }
    }

    @Test("A forged request is refused: another's key, an altered signature, an altered name")
    func forged() throws {
        try withFolder { folder in
            let authority = try self.authority(folder)
            let pem = try MachineKey(account: "lab.t1").requestPEM
            let lines = pem.split(separator: "\n")
            var der = try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined()))
            func refusal(_ der: Data) -> CertificateRequestRefused? {
                let text =
                    "-----BEGIN CERTIFICATE REQUEST-----\n\(der.base64EncodedString())\n-----END CERTIFICATE REQUEST-----\n"
                do {
                    try authority.check(request: text)
                    return nil
                } catch {
                    return error as? CertificateRequestRefused
                }
            }
            #expect(refusal(der) == nil)
            for index in der.indices {
                var copy = der
                copy[index] ^= 0x01
                #expect(refusal(copy) != nil, "byte \(index)")
            }
            let name = try #require(der.firstRange(of: Data("lab.t1".utf8)))
            der.replaceSubrange(name, with: Data("lab.t2".utf8))
            #expect(refusal(der) == .badSignature)
        }
    }

    @Test(
        "What is no request is refused",
        arguments: [
            "", "no PEM", "-----BEGIN CERTIFICATE REQUEST-----\n\n-----END CERTIFICATE REQUEST-----\n",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
            String(repeating: "A", count: 20_000),
        ])
    func noRequest(text: String) throws {
        try withFolder { folder in
            #expect(throws: CertificateRequestRefused.self) { try self.authority(folder).check(request: text) }
        }
    }

    @Test(
        "Only one account of the right form is read from a certificate's URIs",
        arguments: [
            ("URI:xinglin:principal:lab.t1", true), ("DNS:lab.t1", false), ("URI:xinglin:principal:", false),
            ("URI:xinglin:principal:a,URI:xinglin:principal:b", false), ("URI:xinglin:principal:a%20b", false),
            ("URI:Xinglin:principal:a", false), ("URI:https://example.cn,URI:xinglin:principal:a", true),
        ])
    func uris(names: String, isGood: Bool) throws {
        try withFolder { folder in
            _ = try self.openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                folder + "/k", "-subj", "/CN=a", "-addext", "subjectAltName=\(names)", "-addext",
                "extendedKeyUsage=clientAuth", "-addext", "basicConstraints=critical,CA:FALSE", "-out", folder + "/c")
            let read = try? ClientCertificate(pem: try text(folder + "/c"))
            #expect((read != nil) == isGood)
        }
    }

    @Test("An account's name that does not fit a URI gets no certificate")
    func names() throws {
        try withFolder { folder in
            let authority = try self.authority(folder)
            for account in ["", "a b", "a,URI:xinglin:principal:admin", "接口", String(repeating: "a", count: 65)] {
                #expect(throws: CryptoError.self) {
                    try authority.issue(
                        request: MachineKey(account: "a").requestPEM, account: account, now: Self.now, days: 1)
                }
            }
        }
    }

    @Test("Without the CA's key, or with another's, nothing is made out, and the message says what to do")
    func authorityKey() throws {
        try withFolder { folder in
            let authority = try self.authority(folder)
            try SecretFile.write(PrivateKey.generate().pem(), to: folder + "/tls/ca.key", mode: 0o600)
            #expect(throws: CryptoError.self) { try self.issue(folder) }
            try FileManager.default.removeItem(atPath: folder + "/tls/ca.key")
            let error = #expect(throws: CryptoError.self) {
                try authority.issue(
                    request: MachineKey(account: "a").requestPEM, account: "lab.t1", now: Self.now, days: 1)
            }
            #expect("\(try #require(error))".contains("ca.key is missing"))
        }
    }
}
