internal import XinglinKit
internal import XinglinRPC

/// The work that deploy/bench.sh compares, by name.
struct Workload {
    let name: String
    let method: String
    let params: String

    static let all: [Workload] = [
        Workload(name: "ping", method: "host.ping", params: "{}"),
        Workload(name: "select", method: "bench.database.ping", params: "{}"),
        Workload(name: "read", method: "bench.party.get", params: #"{"id":{{1...20000}}}"#),
        Workload(name: "read-audited", method: "bench.party.getAudited", params: #"{"id":{{1...20000}}}"#),
        Workload(name: "list", method: "bench.party.list", params: #"{"from":{{0...19900}}}"#),
        Workload(
            name: "insert", method: "bench.party.create",
            params: #"{"name":"Zed Newcomer","birth":"1980-05-05","sex":"F","phone":"+86-10-55555555","#
                + #""address":"No. 1, Apricot Grove Road"}"#),
        Workload(
            name: "dispense", method: "bench.stock.dispense",
            params: #"{"lot":{{1...1000}},"party":{{1...20000}},"quantity":{{1...5}}}"#),
    ]

    /// The work of that name, or the method of that name with these params.
    init(_ text: String, params: String?) {
        if let known = Self.all.first(where: { $0.name == text }) {
            self.init(name: text, method: known.method, params: params ?? known.params)
        } else {
            self.init(name: text, method: text, params: params ?? "{}")
        }
    }

    private init(name: String, method: String, params: String) {
        self.name = name
        self.method = method
        self.params = params
    }

    /// - Parameter withKeys: whether each request carries an idempotency key of its own.
    func template(site: String?, withKeys: Bool) throws -> LoadTemplate {
        var meta: [String: JSONValue] = [:]
        if let site { meta["site"] = .string(site) }
        if withKeys { meta["idempotencyKey"] = "bench-{{unique}}" }
        do {
            return try LoadTemplate(
                method: self.method, params: self.params,
                meta: meta.isEmpty ? nil : JSONValue.object(meta).canonicalText)
        } catch let refusal as LoadTemplate.Refusal {
            throw Failure(refusal.description, exitCode: ExitStatus.usage)
        }
    }
}
