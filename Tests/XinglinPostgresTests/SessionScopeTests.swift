import Testing
import XinglinKit

@testable import XinglinPostgres

@Suite("The scope of a session")
struct SessionScopeTests {
    private static let look: SQL = """
        SELECT current_setting('role'), current_setting('xinglin.site', true), \
        current_setting('xinglin.readable_sites', true), current_setting('statement_timeout'), \
        current_setting('transaction_read_only')
        """

    @Test("the host's own statements never run in the scope of the call before")
    func hostScope() throws {
        let connection = try TestCluster.connect()
        _ = try connection.query("DROP ROLE IF EXISTS scope_test")
        _ = try connection.query("CREATE ROLE scope_test")
        let site = RecordID.make(at: HostClock.system.now)
        let scope = SessionScope(role: "scope_test", site: site, readable: [site], timeout: 7000)
        _ = try connection.runInScope([PipelineItem(sql: scope.settingForRead, role: "")])
        connection.scope = scope
        let inside = try connection.runInScope([PipelineItem(sql: Self.look, role: "")])[0].text[0]
        #expect(inside == ["scope_test", site.description, "{\"\(site)\"}", "7s", "on"])
        let outside = try connection.query(Self.look).text[0]
        #expect(outside == ["none", "", "", "0", "off"])
        _ = try connection.query("DROP ROLE scope_test")
        #expect(connection.scope == .host)
    }

    @Test("a scope that was set in a transaction goes with its ROLLBACK")
    func rolledBack() throws {
        let connection = try TestCluster.connect()
        let scope = SessionScope(role: "none", site: nil, readable: [], timeout: 7000)
        let items: [SQL] = ["BEGIN", scope.setting, "ROLLBACK"]
        _ = try connection.runInScope(items.map { PipelineItem(sql: $0, role: "") })
        #expect(try connection.query(Self.look).text[0] == ["none", "", "", "0", "off"])
    }
}
