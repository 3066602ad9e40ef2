internal import XinglinKit

/// The catalogue's statements, for the conformance suite.
enum CatalogueStatements {
    static var samples: [SQL] {
        let id = RecordID(high: 0, low: 0)
        let act = LotStore.Act(site: id, account: id, now: Timestamp(microseconds: 0))
        let today = act.now.localDate
        let author = CatalogueStore.Author(account: id, now: act.now, reason: "r", source: "s")
        let price = PriceStore.New(
            pieceCode: "XLYP0001", fenPerKg: 1, markUpPercent: 25, ruleVersion: "1.0", validFrom: today, reason: "r")
        return [
            CatalogueStore.own, CatalogueStore.contents(["XLYP0001"]), CatalogueStore.contents(after: "", limit: 1),
            CatalogueStore.change([], by: author), CatalogueStore.add([], by: author), CatalogueStore.nextCode,
            CatalogueStore.named([""]), CatalogueStore.made(of: ""),
            CatalogueStore.withdrawn(["XLYP0001"], named: [""]),
            CatalogueStore.pairs(of: "XLYP0001"),
            RevisionStore.content(of: "XLYP0001", on: nil), RevisionStore.list(of: "XLYP0001", before: 1, limit: 1),
            RevisionStore.differences(of: "XLYP0001", from: 1, to: 2),
            AliasStore.add([], by: author), AliasStore.remove([], of: [], by: author), AliasStore.of(["XLYP0001"]),
            AliasStore.list(of: "XLYP0001"),
            PriceStore.set(price, act), PriceStore.basis("XLYP0001", site: id, on: today),
            PriceStore.list(on: today, today: today, markUpPercent: 25, site: id, after: "", limit: 1),
            PriceStore.bases(of: [""], site: id, on: today), PriceStore.days(of: [""], site: id),
            PriceStore.setAll([price], markUpPercent: 25, ruleVersion: "", act),
            PriceStore.export(today: today, site: id, after: ("", today), limit: 1),
            LocalCodeStore.end(["XLYP0001"], act), LocalCodeStore.set([id], [""], of: [""], act),
            LocalCodeStore.every(site: id), LocalCodeStore.end("XLYP0001", act),
            LocalCodeStore.set(id, "1", of: "XLYP0001", act),
            LocalCodeStore.owner(of: "1", site: id), LocalCodeStore.list(site: id, after: "", limit: 1),
        ]
    }
}
