internal import Hummingbird

/// The loopback HTTP port for those who operate the host.
enum OperationsServer {
    /// What answers `/healthz`.
    static func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in "ok\n" }
        return router
    }
}
