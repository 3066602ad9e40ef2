internal import XinglinKit

extension StocktakeStore {
    /// A stocktake that a call holds.
    struct Held {
        let id: RecordID
        let state: StocktakeState
        let place: RecordID
        let scope: StocktakeScope

        /// - Throws: `decoction.stocktakeStateConflict` where it is in another state.
        func require(_ wanted: StocktakeState...) throws {
            guard wanted.contains(self.state) else {
                throw StocktakeFault.stateConflict.fault([
                    "stocktakeId": .string(self.id.description), "state": .string(self.state.rawValue),
                ])
            }
        }
    }

    /// Takes the stocktake for the call: no other changes it until the call has ended.
    /// - Throws: `host.notFound` where the acting site has none of this id.
    static func hold(_ id: RecordID, _ call: Call) throws -> Held {
        let found = try call.db.first(
            Self.lock(id, site: call.site.id), as: (StocktakeState, RecordID, StocktakeScope).self)
        guard let (state, place, scope) = found else { throw Self.unknown(id) }
        return Held(id: id, state: state, place: place, scope: scope)
    }

    static func unknown(_ id: RecordID) -> Fault {
        HostFault.notFound.fault(["stocktakeId": .string(id.description)])
    }
}
