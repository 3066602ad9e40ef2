internal import XinglinKit
internal import XinglinRPC

/// A call whose params have been parsed and found to be as the schema wants them.
struct PreparedCall {
    /// The params without `_meta`.
    let params: JSONValue
    /// What the request digest and the idempotency key's content are taken of. Null is the same as absent, so it makes no
    /// other content of a repeated call.
    var canonicalText: String { self.params.withoutNulls.canonicalText }

    /// - Throws: `host.parseError` or `host.invalidParams`.
    init(_ request: RPCRequest, _ entry: MethodEntry) throws(Fault) {
        if let pointer = request.meta.malformed {
            throw Fault.invalid(
                pointer, expected: request.meta.expected?.en ?? "another value",
                zh: request.meta.expected?.zh ?? "另一个取值")
        }
        let parsed: JSONValue
        do throws(JSONSyntaxError) {
            parsed = try JSONReader.parse(request.params)
        } catch {
            throw HostFault.parseError.fault(["offset": .integer(Int64(error.offset)), "cause": .string(error.reason)])
        }
        guard case .object(var members) = parsed else {
            throw Fault.invalid("", expected: "an object: parameters are given by name", zh: "一个对象：参数按名称给出")
        }
        members["_meta"] = nil
        self.params = .object(members)
        let violations = entry.params.violations(in: self.params)
        if !violations.isEmpty { throw HostFault.invalidParams.fault(.array(violations.map(\.json))) }
    }
}

extension JSONValue {
    /// The same without members that are null.
    fileprivate var withoutNulls: JSONValue {
        switch self {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
        case .array(let elements): .array(elements.map(\.withoutNulls))
        default: self
        }
    }
}
