internal import Foundation
internal import Synchronization

/// A name's pinyin as typists type it: without tones and blanks, `v` for ü. `吕布` is `lvbu`, its initials `lb`.
struct Pinyin: Equatable {
    let full: String
    let initials: String

    init(_ name: String) {
        let syllables = Self.syllables(of: name)
        self.full = syllables.joined()
        self.initials = String(syllables.compactMap(\.first))
    }

    private static let cache = Mutex<[String: [String]]>([:])
    private static let cacheLimit = 20_000

    private static func syllables(of name: String) -> [String] {
        let (surname, given) = PinyinSurname.split(name)
        return surname + self.transcribed(given)
    }

    /// A transcription costs some 15 µs a character, and given names return.
    private static func transcribed(_ text: String) -> [String] {
        if let known = Self.cache.withLock({ $0[text] }) { return known }
        let latin = text.applyingTransform(.mandarinToLatin, reverse: false) ?? text
        let syllables = Self.plainSyllables(latin)
        Self.cache.withLock { cache in
            if cache.count >= Self.cacheLimit { cache.removeAll(keepingCapacity: true) }
            cache[text] = syllables
        }
        return syllables
    }

    /// Cuts at whatever is no letter or digit; drops tones; ü is v.
    private static func plainSyllables(_ latin: String) -> [String] {
        var syllables: [String] = []
        var current = ""
        for scalar in latin.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: current.unicodeScalars.append(scalar)
            case 0x41...0x5A: current += String(scalar).lowercased()
            case 0x308 where current.last == "u":
                current.removeLast()
                current += "v"
            case 0x300...0x36F: continue
            default:
                if !current.isEmpty { syllables.append(current) }
                current = ""
            }
        }
        if !current.isEmpty { syllables.append(current) }
        return syllables
    }

    /// What a person types to search: lower case letters and digits alone, ü as v. Nil where nothing is left.
    static func typed(_ text: String) -> String? {
        let plain = self.plainSyllables(PlainText.halfWidth(text)).joined()
        return plain.isEmpty ? nil : plain
    }
}
