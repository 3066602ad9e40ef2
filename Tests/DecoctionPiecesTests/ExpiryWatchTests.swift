import Testing
import XinglinKit
import XinglinTesting

@testable import DecoctionPieces

struct ExpiryWatchTests {
    @Test("PC-03: lots of which something is left are counted before they expire, and when they have")
    func counts() async throws {
        let pharmacy = try await Pharmacy.open()
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1_000, expiresIn: 89)
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1_000, expiresIn: 90)
        _ = try await pharmacy.stock(Pharmacy.mahuang, 1_000, expiresIn: 91)
        _ = try await pharmacy.receive(Pharmacy.guizhi, 1_000, expiresIn: 3)
        // Used up, so it need not be watched.
        _ = try await pharmacy.stock(Pharmacy.fangfeng, 1_000, expiresIn: 2)
        try await pharmacy.issue(Line(Pharmacy.fangfeng, 1_000))
        let expected: [(days: Int, expiring: Int64, expired: Int64)] = [(0, 3, 0), (1, 4, 0), (4, 3, 1), (92, 0, 4)]
        for (days, expiring, expired) in expected {
            pharmacy.host.setClock(Pharmacy.now.adding(seconds: Int64(days) * 86_400))
            let admin = try await pharmacy.host.client(role: .siteAdmin, site: "t1")
            try await admin.call("jobs.run", ["job": "decoction.expiryWatch", "site": "t1"])
            try pharmacy.host.doJobs()
            let run = try await admin.call("jobs.history", ["job": "decoction.expiryWatch", "site": "t1"])["runs"]?[0]
            #expect(
                run?["counts"] == [
                    ["name": "expiredLots", "count": .integer(expired)],
                    ["name": "expiringLots", "count": .integer(expiring)],
                ], "after \(days) days")
        }
    }

    @Test("a window that is no number of days keeps the module from starting", arguments: ["0", "1001", "soon", ""])
    func setting(value: String) {
        #expect(throws: (any Error).self) { try DecoctionPiecesModule(Boot(settings: ["expiryWatchDays": value])) }
    }
}
