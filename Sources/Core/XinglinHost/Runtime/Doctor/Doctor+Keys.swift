internal import XinglinCrypto
internal import XinglinKit

extension Doctor {
    /// The keys are there and whole. Whether they are those of the database is found with the database.
    func keys() -> [Diagnosis] {
        let folder = self.folders.keys
        do {
            guard try KeyRing.exists(directory: folder) else { return [self.missingKeys()] }
            let ring = try KeyRing.loadOrCreate(directory: folder)
            let (id, count) = (ring.currentID, ring.fingerprints.count)
            return [
                .ok(.keys, .init(zh: "共 \(count) 个，使用第 \(id) 号", en: "\(count) in all, number \(id) in use"))
            ]
        } catch {
            return [.failed(.keys, explained(error), remedy: KeyGuard.remedy)]
        }
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
