internal import Hummingbird
internal import NIOCore
internal import XinglinHost
internal import XinglinKit

/// What the operations port answers. It reads what is in memory and never asks the database.
struct OperationsResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let runtime: HostRuntime

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        guard Self.isLoopback(request.head.authority) else {
            // A web page whose name was made to lead here (DNS rebinding) must not read what is meant for this machine.
            return Self.text(.misdirectedRequest, "this port answers to loopback addresses and localhost alone\n")
        }
        guard request.method == .get || request.method == .head else {
            var response = Self.text(.methodNotAllowed, "GET and HEAD alone\n")
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        let response = self.page(request.uri.path)
        guard request.method == .head else { return response }
        return Response(status: response.status, headers: response.headers)
    }

    private func page(_ path: String) -> Response {
        switch path {
        case "/healthz":
            let dead = self.runtime.deadParts
            return Self.json(dead.isEmpty, dead.isEmpty ? .ok : .internalServerError, "alive", dead)
        case "/readyz":
            let reasons = self.runtime.reasonsNotReady.map(\.rawValue)
            return Self.json(reasons.isEmpty, reasons.isEmpty ? .ok : .serviceUnavailable, "ready", reasons)
        case "/metrics":
            return Self.response(.ok, HostRuntime.metricsContentType, self.runtime.metricsText)
        default:
            return Self.text(.notFound, "there are /healthz, /readyz and /metrics\n")
        }
    }

    private static func json(
        _ isGood: Bool, _ status: HTTPResponse.Status, _ word: String, _ reasons: [String]
    ) -> Response {
        let body = JSONValue.object([word: .bool(isGood), "reasons": .array(reasons.map { .string($0) })])
        return self.response(status, "application/json", Array(body.canonicalText.utf8) + [0x0A])
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        self.response(status, "text/plain; charset=utf-8", Array(text.utf8))
    }

    private static func response(_ status: HTTPResponse.Status, _ type: String, _ body: [UInt8]) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// Whether the request names this machine by a loopback address; HTTP/1.0 may name none.
    static func isLoopback(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return true }
        if authority.hasPrefix("[::1]") { return true }
        let name = authority.prefix { $0 != ":" }
        if name.lowercased() == "localhost" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
