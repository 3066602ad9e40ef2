internal import XinglinKit

/// `decoction.piece.restore`
struct RestorePiece: RPCMethod {
    typealias Params = WithdrawPiece.Params
    typealias Reply = WithdrawPiece.Reply

    static let name = "decoction.piece.restore"
    static let summary = "Takes a withdrawn piece into use again, in the whole county."
    static let effect = Effect.write
    static let access = Access.roles([.siteAdmin])
    static let params = Schema.object(WithdrawPiece.fields)
    static let reply = Reply.schema
    static let faults = WithdrawPiece.faults

    func handle(_ params: Params, _ call: Call) throws -> Reply {
        try WithdrawPiece.set(params, to: nil, call)
    }

    static var examples: Examples<Params, Reply> {
        Examples(
            full: (WithdrawPiece.example, WithdrawPiece.examples.full.reply),
            minimal: (Params(code: "XLYP9001", reason: "恢复使用"), Reply(code: "XLYP9001", revision: 3)))
    }
}
