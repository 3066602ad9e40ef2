internal import XinglinCrypto
internal import XinglinKit
internal import XinglinPostgres

/// Takes a key out of use that nothing is sealed with any more. Its file is moved aside, not deleted.
struct KeyRetirement {
    let database: KeyDatabase
    let directory: String
    let stores: [SealedStore]
    /// Whether no host works on the data folder, nor can start.
    let isAlone: Bool
    let now: Timestamp

    func retire(_ id: UInt32) throws {
        try self.database.claim()
        let recorded = try RecordedKeys.read(self.database.connection)
        if try self.isRetired(id, recorded) { return try KeyRing.putAside(id, directory: self.directory) }
        let ring = try KeyGuard.check(self.directory, recorded)
        try self.requireOutOfUse(id, recorded)
        let mark = RecordedKeys.keep("\(id)/retired", self.now.description)
        if id == ring.indexID {
            try self.moveIndex(from: ring, mark)
        } else {
            try self.database.transaction([mark, KeyRotation.notify])
        }
        try KeyRing.putAside(id, directory: self.directory)
    }

    /// Whether the database marks it as retired and only its file is left to be moved, as after a kill in between.
    private func isRetired(_ id: UInt32, _ recorded: RecordedKeys) throws -> Bool {
        guard let key = recorded.keys[id] else {
            throw StartFailure(
                .init(zh: "这个数据库没有 \(id) 号密钥", en: "this database has no key \(id)"),
                remedy: .init(zh: "用 xinglin keys list 查看它的密钥", en: "xinglin keys list shows its keys"))
        }
        guard key.retiredAt != nil else { return false }
        guard !KeyRing.isPutAside(id, directory: self.directory) else {
            throw StartFailure(
                .init(zh: "\(id) 号密钥已经停用", en: "key \(id) is retired already"),
                remedy: .init(zh: "无须处理", en: "there is nothing to do"))
        }
        return true
    }

    private static let rotateFirst = LocalizedText(zh: "先运行 xinglin keys rotate", en: "run xinglin keys rotate first")

    private func requireOutOfUse(_ id: UInt32, _ recorded: RecordedKeys) throws {
        guard recorded.rotation == nil else {
            throw StartFailure(
                .init(zh: "轮换尚未完成", en: "a rotation is not finished"), remedy: KeyRotation.remedy)
        }
        guard id != recorded.current else {
            throw StartFailure(
                .init(zh: "\(id) 号密钥正在用于加密", en: "key \(id) is the one that seals"), remedy: Self.rotateFirst)
        }
        let inventory = KeyInventory(database: self.database, stores: self.stores)
        if let use = try inventory.declared().first(where: { $0.key == id }) {
            throw StartFailure(
                .init(
                    zh: "\(use.place) 还有 \(use.values) 个值由 \(id) 号密钥加密",
                    en: "key \(id) still seals \(use.values) values of \(use.place)"), remedy: Self.rotateFirst)
        }
        if let use = try inventory.undeclared([id]).first {
            throw StartFailure(
                .init(
                    zh: "\(use.place) 似有 \(use.values) 个值由 \(id) 号密钥加密，而已加载的模块都没有声明这一列",
                    en: "key \(id) seems to seal \(use.values) values of \(use.place), which no loaded module declares"),
                remedy: .init(
                    zh: "加载拥有它们的模块（见 xinglin modules 命令），再运行 xinglin keys rotate",
                    en: "load the module that owns them (xinglin modules) and run xinglin keys rotate"))
        }
    }
}

// MARK: - The key of the blind indexes

extension KeyRetirement {
    /// Makes every blind index anew with the current key, in one transaction with the note that says so. No host may run: it
    /// would look values up under the former index, or write it.
    private func moveIndex(from ring: KeyRing, _ mark: SQL) throws {
        try self.requireNoHost(ring.indexID)
        let connection = self.database.connection
        let former = FieldCipher(ring)
        let next = FieldCipher(try ring.using(current: ring.currentID, index: ring.currentID))
        try connection.script("BEGIN")
        do {
            for (number, store) in self.stores.enumerated() {
                guard let index = store.index else { continue }
                try connection.script("LOCK TABLE \(store.table.text) IN SHARE ROW EXCLUSIVE MODE")
                try self.database.inEachScope { try self.move(index, of: store, number, from: former, to: next) }
            }
            for sql in [mark, RecordedKeys.set("index", "\(ring.currentID)"), KeyRotation.notify] {
                _ = try connection.query(sql)
            }
            try connection.script("COMMIT")
        } catch {
            if !connection.isBroken, !connection.isIdle { try connection.script("ROLLBACK") }
            throw error
        }
    }

    private func move(
        _ index: SealedStore.Index, of store: SealedStore, _ number: Int, from former: FieldCipher, to next: FieldCipher
    ) throws {
        let rows = SealedRows(connection: self.database.connection, store: store)
        try rows.each(number: number, where: "\(index.column) IS NOT NULL", holding: false) { portion in
            var places: [String] = []
            var values: [SQLBytes] = []
            for row in portion {
                let text = try row.sealed.map { sealed in
                    String(
                        decoding: try former.open(sealed.bytes, context: store.context(row.identity)), as: UTF8.self)
                }
                guard let text, try former.blindIndex(text, context: index.context) == row.index?.bytes else {
                    throw StartFailure(
                        .init(
                            zh: "\(store.name) 的盲索引不是由所存的值生成的，只有它的模块能重新生成",
                            en:
                                "the blind index of \(store.name) is not made of the value as it is stored, so only its "
                                + "module could make it anew"),
                        remedy: .init(
                            zh: "保留这个密钥：它已不用于加密，只用于这个索引",
                            en: "keep the key: nothing is sealed with it any more, it only makes this index"))
                }
                places.append(row.place)
                values.append(SQLBytes(try next.blindIndex(text, context: index.context)))
            }
            let replaced = try self.database.connection.query(
                """
                UPDATE \(store.table) AS t SET \(index.column) = new.value \
                FROM unnest(\(places)::tid[], \(values)::bytea[]) AS new (place, value) WHERE t.ctid = new.place
                """)
            guard replaced.affected == places.count else {
                throw StartFailure(
                    .init(
                        zh: "\(store.name) 的盲索引未能全部替换", en: "not every blind index of \(store.name) could be replaced"),
                    remedy: .init(zh: "没有改动任何内容，请重试", en: "nothing was changed; try again")
                )
            }
        }
    }

    private func requireNoHost(_ id: UInt32) throws {
        let remedy = LocalizedText(
            zh: "停止这个数据库的所有主机，停用密钥，再启动", en: "stop every host of this database, retire the key, and start them again")
        let reason = LocalizedText(
            zh: "盲索引由 \(id) 号密钥生成，须在没有主机运行时重新生成",
            en: "blind indexes are made with key \(id), and are made anew while no host runs")
        guard self.isAlone else { throw StartFailure(reason, remedy: remedy) }
        let others = try self.database.connection.query(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
            AND starts_with(application_name, 'xinglin')
            """
        ).first(as: Int.self)
        guard others == 0 else { throw StartFailure(reason, remedy: remedy) }
        // What must not come twice in a file is told by digests made with this key, and checked lines that wait hold indexes
        // made with it: applied later, nobody would find their persons again.
        let imports = try self.database.connection.query(
            "SELECT count(*) FROM host.import WHERE state NOT IN ('applied', 'cancelled')"
        ).first(as: Int.self)
        guard imports == 0 else {
            throw StartFailure(
                .init(zh: "有导入尚未结束", en: "an import is not finished"),
                remedy: .init(
                    zh: "启动主机，应用或取消导入（imports.list 列出），再停用密钥",
                    en: "start the host, apply or cancel it (imports.list shows it), then retire the key"))
        }
    }
}
