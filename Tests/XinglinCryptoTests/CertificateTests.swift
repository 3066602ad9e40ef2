import Foundation
import Testing

@testable import XinglinCrypto

@Suite struct CertificateTests {
    private static let now: Int64 = Int64(Date().timeIntervalSince1970)
    private static let day: Int64 = 86_400

    private func prepare(_ folder: String, names: [String] = [], now: Int64 = now) throws -> CertificateStore {
        try CertificateStore.prepare(directory: folder + "/tls", names: names, now: now)
    }

    private func openssl(_ arguments: String...) throws -> String {
        let result = try run(["openssl"] + arguments)
        try #require(result.status == 0)
        return String(decoding: result.output, as: UTF8.self)
    }

    @Test("OpenSSL accepts the certificate in strict mode, for a server, under its names alone")
    func verifies() throws {
        try withFolder { folder in
            let store = try self.prepare(folder, names: ["his.example.cn", "10.1.2.3"])
            for name in [
                "-verify_hostname=localhost", "-verify_hostname=his.example.cn", "-verify_ip=127.0.0.1",
                "-verify_ip=::1", "-verify_ip=10.1.2.3",
            ] {
                let option = name.split(separator: "=").map(String.init)
                _ = try self.openssl(
                    "verify", "-CAfile", store.caFile, "-x509_strict", "-purpose", "sslserver", option[0], option[1],
                    store.certificateFile)
            }
            let other = try run(
                [
                    "openssl", "verify", "-CAfile", store.caFile, "-verify_hostname", "example.com",
                    store.certificateFile,
                ])
            #expect(other.status != 0)
            let ca = try self.openssl("x509", "-in", store.caFile, "-noout", "-text")
            #expect(ca.contains("CA:TRUE, pathlen:0") && ca.contains("Certificate Sign, CRL Sign"))
            #expect(ca.contains("Xinglin private CA") && ca.contains("prime256v1"))
            let server = try self.openssl("x509", "-in", store.certificateFile, "-noout", "-text")
            #expect(server.contains("CA:FALSE") && server.contains("TLS Web Server Authentication"))
        }
    }

    @Test("Python's ssl shakes hands under the private CA")
    func python() throws {
        let script = """
            import ssl, sys, socket, threading
            ca, cert, key = sys.argv[1:4]
            server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); server.load_cert_chain(cert, key)
            client = ssl.create_default_context(cafile=ca); client.verify_flags |= ssl.VERIFY_X509_STRICT
            a, b = socket.socketpair()
            def serve():
                with server.wrap_socket(a, server_side=True) as s: s.sendall(b"ok")
            t = threading.Thread(target=serve); t.start()
            with client.wrap_socket(b, server_hostname="127.0.0.1") as s:
                sys.stdout.write(s.version() + s.recv(2).decode())
            t.join()
            """
        try withFolder { folder in
            let store = try self.prepare(folder)
            let result = try run(["python3", "-c", script, store.caFile, store.certificateFile, store.keyFile])
            #expect(result.status == 0)
            #expect(String(decoding: result.output, as: UTF8.self) == "TLSv1.3ok")
        }
    }

    @Test("Private keys are for the owner alone and certificates for everyone")
    func modes() throws {
        try withFolder { folder in
            _ = try self.prepare(folder)
            for (name, mode) in [("ca.key", 0o600), ("server.key", 0o600), ("ca.pem", 0o644), ("server.pem", 0o644)] {
                #expect(try permissions(of: "\(folder)/tls/\(name)") == mode)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/tls").count == 4)
        }
    }

    @Test("Certificate information gives subject, dates and names")
    func info() throws {
        try withFolder { folder in
            let store = try self.prepare(folder, names: ["HIS.Example.cn", "2001:DB8:0::1"], now: 1_800_000_000)
            let server = try CertificateInfo.read(pemFile: store.certificateFile)
            #expect(server.subject == "CN=Xinglin host")
            #expect(server.notBefore == 1_800_000_000 - 3600)
            #expect(server.notAfter == 1_800_000_000 + 397 * Self.day)
            #expect(Set(server.dnsNames).isSuperset(of: ["localhost", "his.example.cn"]))
            #expect(Set(server.ipAddresses) == ["127.0.0.1", "::1", "2001:db8::1"])
            let ca = try CertificateInfo.read(pemFile: store.caFile)
            #expect(ca.subject == "CN=Xinglin private CA")
            #expect(ca.notAfter == 1_800_000_000 + 3652 * Self.day)
            #expect(ca.dnsNames.isEmpty && ca.ipAddresses.isEmpty)
        }
    }

    @Test("A good certificate is kept; the order and case of names do not matter")
    func kept() throws {
        try withFolder { folder in
            let store = try self.prepare(folder, names: ["a.example.cn", "b.example.cn"])
            let before = try (text(store.caFile), text(store.certificateFile), text(store.keyFile))
            _ = try self.prepare(folder, names: ["B.example.cn", "a.example.cn"], now: Self.now + 360 * Self.day)
            let after = try (text(store.caFile), text(store.certificateFile), text(store.keyFile))
            #expect(before == after)
        }
    }

    @Test("Changed names or fewer than 30 days left renew the server's certificate under the same CA")
    func renewed() throws {
        try withFolder { folder in
            let store = try self.prepare(folder)
            let (ca, first) = try (text(store.caFile), text(store.certificateFile))
            _ = try self.prepare(folder, names: ["new.example.cn"])
            let second = try text(store.certificateFile)
            #expect(second != first)
            _ = try self.prepare(folder, names: ["new.example.cn"], now: Self.now + 368 * Self.day)
            #expect(try text(store.certificateFile) != second)
            #expect(try text(store.caFile) == ca)
            let late = String(Self.now + 368 * Self.day)
            _ = try self.openssl(
                "verify", "-CAfile", store.caFile, "-x509_strict", "-attime", late, store.certificateFile)
        }
    }

    @Test(
        "What a crash between two files leaves is put right at the next start",
        arguments: ["server.pem", "server.key"])
    func incomplete(missing: String) throws {
        try withFolder { folder in
            let store = try self.prepare(folder)
            try FileManager.default.removeItem(atPath: "\(folder)/tls/\(missing)")
            _ = try self.prepare(folder)
            _ = try self.openssl("verify", "-CAfile", store.caFile, "-x509_strict", store.certificateFile)
        }
    }

    @Test("A CA that clients know is not replaced unasked, and one that was half made is made anew")
    func lostAuthority() throws {
        try withFolder { folder in
            let store = try self.prepare(folder)
            let known = try text(store.caFile)
            try FileManager.default.removeItem(atPath: store.caFile)
            let error = #expect(throws: CryptoError.self) { try self.prepare(folder) }
            #expect("\(try #require(error))".contains("ca.pem is missing"))
            #expect(!FileManager.default.fileExists(atPath: store.caFile))
            try SecretFile.write(Array(known.utf8), to: store.caFile, mode: 0o644)
            _ = try self.prepare(folder)
            // What a crash of the first start leaves: a key without its certificate, and no server's yet.
            try FileManager.default.removeItem(atPath: store.caFile)
            try FileManager.default.removeItem(atPath: store.certificateFile)
            _ = try self.prepare(folder)
            #expect(try text(store.caFile) != known)
        }
    }

    @Test("A key that does not belong to the certificate is replaced together with it")
    func mismatch() throws {
        try withFolder { folder in
            let store = try self.prepare(folder)
            try SecretFile.write(PrivateKey.generate().pem(), to: store.keyFile, mode: 0o600)
            _ = try self.prepare(folder)
            let key = try self.openssl("pkey", "-in", store.keyFile, "-pubout")
            #expect(try self.openssl("x509", "-in", store.certificateFile, "-noout", "-pubkey") == key)
        }
    }

    @Test("Without the CA's key a good certificate serves on, and a renewal is refused with what to do")
    func offlineAuthority() throws {
        try withFolder { folder in
            _ = try self.prepare(folder)
            try FileManager.default.removeItem(atPath: folder + "/tls/ca.key")
            _ = try self.prepare(folder)
            let error = #expect(throws: CryptoError.self) { try self.prepare(folder, names: ["new.example.cn"]) }
            #expect("\(try #require(error))".contains("ca.key is missing"))
        }
    }

    @Test("Another CA's key, an open key, a damaged file and an expired CA are refused")
    func refused() throws {
        try withFolder { folder in
            let store = try self.prepare(folder)
            let caKey = folder + "/tls/ca.key"
            let original = Array(try text(caKey).utf8)
            try SecretFile.write(PrivateKey.generate().pem(), to: caKey, mode: 0o600)
            #expect(throws: CryptoError.self) { try self.prepare(folder, names: ["new.example.cn"]) }
            try SecretFile.write(original, to: caKey, mode: 0o640)
            #expect(throws: CryptoError.self) { try self.prepare(folder, names: ["new.example.cn"]) }
            try setPermissions(0o600, of: caKey)
            try setPermissions(0o644, of: store.keyFile)
            #expect(throws: CryptoError.self) { try self.prepare(folder) }
            try setPermissions(0o600, of: store.keyFile)
            #expect(throws: CryptoError.self) { try self.prepare(folder, now: Self.now + 3653 * Self.day) }
            try SecretFile.write(Array("no PEM".utf8), to: store.caFile, mode: 0o644)
            #expect(throws: CryptoError.self) { try self.prepare(folder) }
        }
    }

    @Test(
        "A name that is neither a DNS name nor an address is refused",
        arguments: [
            "", "a b", "a,IP:1.2.3.4", "-a.cn", "a..cn", "1.2.3", "256.1.1.1", "*", "*.cn", "https://a.cn", "a.cn:7443",
        ])
    func names(name: String) throws {
        try withFolder { folder in
            #expect(throws: CryptoError.self) { try self.prepare(folder, names: [name]) }
        }
    }

    @Test("The machine's name is left out where it does not fit a certificate")
    func hostName() throws {
        let names = try SubjectNames.forServer(hostName: "县医院", further: ["*.example.cn"])
        #expect(names.dnsNames == ["*.example.cn", "localhost"])
        #expect(try SubjectNames.forServer(hostName: "his_1", further: []).dnsNames == ["his_1", "localhost"])
    }
}
