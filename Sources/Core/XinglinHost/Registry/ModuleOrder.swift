internal import XinglinKit

/// Puts modules into the order in which they boot: what a module needs, and what it is aware of, comes first.
enum ModuleOrder {
    struct Plan: Equatable {
        /// Codes in the order of booting.
        var order: [String] = []
        /// Codes that cannot boot, with the reason.
        var refused: [String: String] = [:]
    }

    static func plan(_ manifests: [ModuleManifest]) -> Plan {
        var plan = Plan()
        var waiting: [String: ModuleManifest] = [:]
        for manifest in manifests { waiting[manifest.code] = manifest }
        let known = Set(waiting.keys)
        while !waiting.isEmpty {
            let ready = waiting.values.filter { manifest in
                let before = manifest.needs + manifest.awareOf.filter { known.contains($0) }
                return before.allSatisfy {
                    plan.order.contains($0) || (plan.refused[$0] != nil && !manifest.needs.contains($0))
                }
            }
            if let next = ready.map(\.code).min() {
                plan.order.append(next)
                waiting[next] = nil
                continue
            }
            Self.refuse(&waiting, known, &plan)
        }
        return plan
    }

    /// None is ready: refuse those with a missing or refused need, else the modules of a cycle.
    private static func refuse(
        _ waiting: inout [String: ModuleManifest], _ known: Set<String>, _ plan: inout Plan
    ) {
        for (code, manifest) in waiting.sorted(by: { $0.key < $1.key }) {
            if let missing = manifest.needs.first(where: { !known.contains($0) || plan.refused[$0] != nil }) {
                let state = known.contains(missing) ? "does not run" : "is not there"
                plan.refused[code] = "module \(code) needs module \(missing), which \(state)"
                waiting[code] = nil
                return
            }
        }
        let cycle = self.cycle(in: waiting)
        for code in cycle {
            let others = cycle.filter { $0 != code }.joined(separator: ", ")
            plan.refused[code] = "modules \(code) and \(others.isEmpty ? code : others) need each other"
            waiting[code] = nil
        }
    }

    /// The modules of one cycle among those waiting: follow needs until one comes twice.
    private static func cycle(in waiting: [String: ModuleManifest]) -> [String] {
        var path: [String] = []
        var current = waiting.keys.min()
        while let code = current, let manifest = waiting[code] {
            if let start = path.firstIndex(of: code) { return Array(path[start...]) }
            path.append(code)
            current = (manifest.needs + manifest.awareOf).first { waiting[$0] != nil }
        }
        return path
    }
}
