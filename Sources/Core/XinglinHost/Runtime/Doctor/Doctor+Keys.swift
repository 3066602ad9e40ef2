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
            guard let recorded = self.recordedKeys() else { return [self.notCompared(ring)] }
            guard !recorded.active.isEmpty else { return [self.unused(ring)] }
            let current = try KeyGuard.check(folder, recorded).currentID
            return [recorded.rotation == nil ? self.inUse(current, ring, recorded) : self.unfinished(current)]
        } catch CryptoError.insecure(let path, _) where (fileMode(path) ?? 0) & 0o077 != 0 {
            return [self.open(path)]
        } catch let failure as StartFailure {
            return [.failed(.keys, failure.reason, remedy: failure.remedy)]
        } catch {
            return [.failed(.keys, explained(error), remedy: KeyGuard.remedy)]
        }
    }

    private func inUse(_ id: UInt32, _ ring: KeyRing, _ recorded: RecordedKeys) -> Diagnosis {
        let count = ring.fingerprints.count
        // Only the folder has them: nothing was sealed with them yet.
        let spare = ring.fingerprints.keys.filter { recorded.keys[$0] == nil }.sorted().map { "\($0)" }
        guard !spare.isEmpty else {
            return .ok(.keys, .init(zh: "共 \(count) 个，使用第 \(id) 号", en: "\(count) in all, number \(id) in use"))
        }
        return .ok(
            .keys,
            .init(
                zh: "共 \(count) 个，使用第 \(id) 号，备用第 \(spare.joined(separator: "、")) 号",
                en: "\(count) in all, number \(id) in use, number \(spare.joined(separator: ", ")) prepared"))
    }

    /// A database that is stopped, or that cannot be asked, says nothing of the keys it needs.
    private func notCompared(_ ring: KeyRing) -> Diagnosis {
        let (id, count) = (ring.currentID, ring.fingerprints.count)
        guard self.hasCluster || self.settings.database.url != nil else { return self.unused(ring) }
        return .warning(
            .keys,
            .init(
                zh: "共 \(count) 个，最新为第 \(id) 号；数据库未运行，未与之核对",
                en: "\(count) in all, the newest is number \(id); not compared with the database, which does not run"),
            remedy: .init(
                zh: "运行 xinglin keys list：它会启动内置数据库并核对；主机启动时也会核对",
                en: "run xinglin keys list, which starts the embedded database and compares; so does the host's start"))
    }

    private func unused(_ ring: KeyRing) -> Diagnosis {
        let (id, count) = (ring.currentID, ring.fingerprints.count)
        return .ok(.keys, .init(zh: "共 \(count) 个，最新为第 \(id) 号", en: "\(count) in all, the newest is number \(id)"))
    }

    private func open(_ path: String) -> Diagnosis {
        .failed(
            .keys, .init(zh: "\(path) 对他人开放", en: "\(path) is open to other users"),
            remedy: .init(
                zh: "chmod go= \(path)；并查明此前谁能读到它", en: "chmod go= \(path), and ask who could read it meanwhile"))
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
