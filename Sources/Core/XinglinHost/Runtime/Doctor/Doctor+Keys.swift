internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

extension Doctor {
    /// The keys are there, whole, closed to others, and those of the database; so is the one that signs checkpoints; and no
    /// rotation was broken off.
    func keys() -> [Diagnosis] {
        let folder = self.folders.keys
        do {
            guard try KeyRing.exists(directory: folder) else { return [self.missingKeys()] }
            let ring = try KeyRing.load(directory: folder)
            _ = try CheckpointKey.check(self.folders)
            let (id, count) = (ring.currentID, ring.fingerprints.count)
            guard let recorded = self.recordedKeys(), !recorded.active.isEmpty else {
                return [
                    .ok(
                        .keys, .init(zh: "共 \(count) 个，最新为第 \(id) 号", en: "\(count) in all, the newest is number \(id)")
                    )
                ]
            }
            let current = try KeyGuard.check(folder, recorded).currentID
            return [recorded.rotation == nil ? self.inUse(current, count) : self.unfinished(current)]
        } catch let failure as StartFailure {
            return [.failed(.keys, failure.reason, remedy: failure.remedy)]
        } catch {
            return [.failed(.keys, explained(error), remedy: KeyGuard.remedy)]
        }
    }

    private func inUse(_ id: UInt32, _ count: Int) -> Diagnosis {
        .ok(.keys, .init(zh: "共 \(count) 个，使用第 \(id) 号", en: "\(count) in all, number \(id) in use"))
    }

    private func unfinished(_ id: UInt32) -> Diagnosis {
        .warning(
            .keys, .init(zh: "换到第 \(id) 号密钥的轮换尚未完成", en: "a rotation to key \(id) is not finished"),
            remedy: KeyRotation.remedy)
    }

    /// What the database remembers; nil where it cannot be asked, which the database's own check reports.
    private func recordedKeys() -> RecordedKeys? {
        guard let conninfo = try? self.conninfo() else { return nil }
        return try? RecordedKeys.read(Connection(conninfo, applicationName: "xinglin doctor"))
    }

    private func missingKeys() -> Diagnosis {
        guard self.hasCluster else {
            return .warning(
                .keys, .init(zh: "尚无密钥", en: "there is no key yet"),
                remedy: .init(zh: "首次 xinglin serve 会生成", en: "the first xinglin serve makes one"))
        }
        let folder = self.folders.keys
        return .failed(
            .keys,
            .init(
                zh: "有数据库，\(folder) 中却没有密钥", en: "there is a database, and \(folder) holds no key"),
            remedy: KeyGuard.remedy)
    }
}
