import Foundation
import Glibc
import Testing

@testable import XinglinOperations

@Suite("What the service manager is told") struct ServiceManagerTests {
    /// A manager's socket that receives datagrams.
    final class Socket {
        let descriptor: Int32
        let path: String

        init() throws {
            self.path = "/tmp/xl-notify-\(UUID().uuidString.prefix(8))"
            self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let name = Array(self.path.utf8)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(self.descriptor >= 0 && bound == 0)
        }

        deinit {
            close(self.descriptor)
            unlink(self.path)
        }

        func receive() -> String {
            var buffer = [UInt8](repeating: 0, count: 1024)
            let count = recv(self.descriptor, &buffer, buffer.count, 0)
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
    }

    @Test("a state arrives as it was told")
    func told() throws {
        let socket = try Socket()
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": socket.path]))
        #expect(manager.tell("READY=1\nSTATUS=县域医共体"))
        #expect(socket.receive() == "READY=1\nSTATUS=县域医共体")
        #expect(manager.watchdogInterval == nil)
    }

    @Test("a manager that does not read is given up after a while")
    func deaf() throws {
        let socket = try Socket()
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": socket.path]))
        var sent = 0
        while sent < 100_000, manager.tell("WATCHDOG=1") { sent += 1 }
        #expect(sent > 0 && sent < 100_000)
    }

    @Test("a manager that is gone is no failure")
    func gone() throws {
        let path = "/tmp/xl-notify-nobody-\(UUID().uuidString.prefix(8))"
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": path]))
        #expect(!manager.tell("READY=1"))
    }

    @Test("without a usable socket there is no manager", arguments: [nil, "", "relative", "/", "vsock:2:1"])
    func none(path: String?) {
        #expect(ServiceManager(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:]) == nil)
    }

    @Test("a path that no socket can have is refused, an abstract one is taken")
    func paths() {
        let long = "/" + String(repeating: "x", count: 107)
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": long]) == nil)
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "@xinglin"]) != nil)
    }

    @Test("the watchdog is told twice in its time, and only by the process that is watched")
    func watchdog() {
        func interval(_ more: [String: String]) -> Duration? {
            ServiceManager(environment: more.merging(["NOTIFY_SOCKET": "/run/none"]) { $1 })?.watchdogInterval
        }
        #expect(interval(["WATCHDOG_USEC": "30000000"]) == .seconds(15))
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"]) == .seconds(15))
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
    }

    @Test(
        "only a loopback name reaches the pages",
        arguments: [
            ("127.0.0.1:7480", true), ("127.8.9.1", true), ("localhost:7480", true), ("LOCALHOST", true),
            ("[::1]:80", true),
            ("", true), ("127.0.0.1.example.cn", false), ("example.cn:7480", false), ("10.0.0.1", false),
            ("localhost.example.cn", false), ("127.0.0.999", false), ("[::2]", false),
        ])
    func authority(name: String, isLoopback: Bool) {
        #expect(OperationsResponder.isLoopback(name) == isLoopback)
    }
}
