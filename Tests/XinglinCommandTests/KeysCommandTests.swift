import Testing

@testable import XinglinCommand
@testable import XinglinHost

@Suite("What xinglin keys prints")
struct KeysCommandTests {
    private func key(_ id: UInt32, _ state: KeyReport.State, isIndex: Bool = false, _ uses: [KeyUse] = []) -> KeyReport
    {
        KeyReport(
            id: id, state: state, isIndex: isIndex, fingerprint: "f\(id)", madeAt: "2026-11-22T09:00:00+08:00",
            retiredAt: state == .retired ? "2026-11-23T09:00:00+08:00" : nil, uses: uses)
    }

    @Test("the list shows each key with its state and what it still seals")
    func list() {
        let uses = [
            KeyUse(place: "people.person.phone", values: 7), KeyUse(place: "host.idempotency.reply", values: 2),
        ]
        let listing = KeyListing(
            keys: [self.key(1, .former, isIndex: true, uses), self.key(2, .retired), self.key(3, .current)],
            rotation: 3,
            strange: [KeyUse(place: "people.person.address", values: 4)])
        let lines = KeysListCommand.table(listing).lines(coloured: false)
        #expect(lines[0].hasPrefix("KEY  STATE"))
        #expect(lines[1] == "1    former, index  f1           2026-11-22T09:00:00+08:00  9")
        #expect(lines[2] == "    people.person.phone: 7")
        #expect(lines.contains("    retired 2026-11-23T09:00:00+08:00"))
        #expect(
            KeysListCommand.remarks(listing) == [
                "a rotation to key 3 is not finished: run xinglin keys rotate, which goes on where it stands",
                "people.person.address: 4 values that no known key has sealed",
            ])
    }

    @Test("a rotation says what it left, and whether it is finished")
    func rotation() {
        var report = RotationReport(key: 2, isContinued: true)
        report.resealed = 5
        #expect(
            KeysRotateCommand.lines(report) == [
                "went on with the rotation to key 2: 5 values sealed anew", "back up the folder of keys now",
            ])
        report.unreadable = [KeyUse(place: "a.b.c", values: 1)]
        #expect(KeysRotateCommand.lines(report).last == "the rotation is not finished")
        #expect(KeysRotateCommand.lines(report)[1].hasPrefix("a.b.c: 1 values cannot be opened"))
    }
}
