public import XinglinKit

/// How far a rotation is.
public struct KeyProgress: Sendable {
    /// The column that is being worked on.
    public let place: String
    public let done: Int
    public let total: Int
}

/// Values of one column.
public struct KeyUse: Sendable, Hashable {
    /// `people.person.phone`.
    public let place: String
    public let values: Int
}

/// What a rotation came to.
public struct RotationReport: Sendable {
    /// The key that seals now.
    public let key: UInt32
    /// Whether an earlier run was broken off and this one went on with it.
    public let isContinued: Bool
    public internal(set) var resealed = 0
    /// Values that cannot be opened with any key that is there; they are as they were.
    public internal(set) var unreadable: [KeyUse] = []
    /// Values of former keys in columns that no loaded module declares; they are as they were.
    public internal(set) var undeclared: [KeyUse] = []
    /// Imports that wait with lines that were sealed before the key was put into use.
    public internal(set) var imports = 0
    var passes = 0

    /// Whether nothing is left under a former key, nor can come.
    public var isComplete: Bool { self.unreadable.isEmpty && self.undeclared.isEmpty && self.imports == 0 }

    init(key: UInt32, isContinued: Bool) {
        self.key = key
        self.isContinued = isContinued
    }
}

/// One key as `xinglin keys list` shows it.
public struct KeyReport: Sendable {
    public enum State: String, Sendable {
        /// New values are sealed with it.
        case current
        /// Values may still be sealed with it.
        case former
        /// Its file is there; nothing was sealed with it yet.
        case prepared
        case retired
        /// The database names it and its file is not there.
        case missing
        /// Its file is there and is another key than the database names.
        case foreign

        public var title: LocalizedText {
            switch self {
            case .current: .init(zh: "使用中", en: "current")
            case .former: .init(zh: "旧", en: "former")
            case .prepared: .init(zh: "备用", en: "prepared")
            case .retired: .init(zh: "已停用", en: "retired")
            case .missing: .init(zh: "缺失", en: "missing")
            case .foreign: .init(zh: "不符", en: "foreign")
            }
        }
    }
    public let id: UInt32
    public let state: State
    /// Whether blind indexes are made with it.
    public let isIndex: Bool
    public let fingerprint: String
    /// RFC 3339, where it is known.
    public let madeAt: String?
    public let retiredAt: String?
    public let uses: [KeyUse]
}

/// All keys, and what is no key's.
public struct KeyListing: Sendable {
    public let keys: [KeyReport]
    /// The key that an unfinished rotation goes to.
    public let rotation: UInt32?
    /// Values in encrypted columns that are not in the form of sealed ones, or of a key that nobody knows.
    public let strange: [KeyUse]
}
