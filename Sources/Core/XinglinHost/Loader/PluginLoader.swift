internal import Glibc
internal import XinglinKit

/// Finds plugin libraries and loads them, checking the Kit's revision BEFORE the entry point is called.
struct PluginLoader {
    /// A plugin as found: its module's type, or why it was not loaded.
    struct Found {
        /// `DecoctionPieces` of `libDecoctionPiecesPlugin.so`.
        let stem: String
        let result: Result<any FeatureModule.Type, Refusal>
    }

    /// Why a library was not loaded.
    struct Refusal: Error, CustomStringConvertible {
        let reason: String
        var description: String { self.reason }
    }

    let directory: String

    /// The end of the stem of a plugin that is for special occasions: it is loaded only where `plugins.load` names it.
    static let onRequest = "OnRequest"

    /// The folder of libXinglinCore.so unless another is set.
    static func standardDirectory() throws -> String {
        guard let folder = LoadedImage.folder(of: ModuleManifest.self) else {
            throw Refusal(reason: "the folder of libXinglinCore.so was not found; set plugins.directory")
        }
        return folder
    }

    /// Loads every plugin of the directory but those on request, or those that `wanted` names by library stem or module code.
    func load(_ wanted: [String]?) throws -> [Found] {
        let stems = try self.stems()
        guard let wanted else { return stems.filter { !$0.hasSuffix(Self.onRequest) }.map(self.load) }
        let named = wanted.compactMap { name in stems.contains(name) ? name : nil }
        // A code is known only once its library is loaded, so the rest are loaded to be asked.
        let unnamed = wanted.filter { !stems.contains($0) }
        if unnamed.isEmpty { return named.map(self.load) }
        let all = stems.map(self.load)
        let kept = all.filter { found in
            if named.contains(found.stem) { return true }
            guard case .success(let module) = found.result else { return false }
            return unnamed.contains(module.manifest.code)
        }
        let codes = kept.compactMap { try? $0.result.get().manifest.code }
        let missing = unnamed.filter { !codes.contains($0) }
        return kept
            + missing.map {
                Found(stem: $0, result: .failure(Refusal(reason: "no plugin of that name lies in \(self.directory)")))
            }
    }

    private func stems() throws -> [String] {
        guard let folder = opendir(self.directory) else { throw FileError(path: self.directory, code: errno) }
        defer { closedir(folder) }
        var stems: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix("lib"), name.hasSuffix("Plugin.so"), name.utf8.count > 12 {
                stems.append(String(name.dropFirst(3).dropLast(9)))
            }
        }
        return stems.sorted()
    }

    private func load(_ stem: String) -> Found {
        do throws(Refusal) {
            return Found(stem: stem, result: .success(try self.module(stem)))
        } catch {
            return Found(stem: stem, result: .failure(error))
        }
    }

    private func module(_ stem: String) throws(Refusal) -> any FeatureModule.Type {
        let path = "\(self.directory)/lib\(stem)Plugin.so"
        // Never closed: dlclose of Swift code crashes at the next dynamic cast.
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw Refusal(reason: Self.explained(dlerror().map { String(cString: $0) } ?? "it cannot be loaded"))
        }
        guard let abi = dlsym(library, "xinglin_abi_\(stem)"), let entry = dlsym(library, "xinglin_plugin_\(stem)")
        else {
            throw Refusal(reason: "it lacks the entry points xinglin_abi_\(stem) and xinglin_plugin_\(stem)")
        }
        let stamp = unsafeBitCast(abi, to: (@convention(c) () -> UnsafePointer<CChar>).self)
        let built = String(cString: stamp())
        guard built == XinglinKitABI.stamp.description else {
            throw Refusal(reason: "built against \(built), this host is \(XinglinKitABI.stamp); build it anew")
        }
        let make = unsafeBitCast(entry, to: (@convention(c) () -> UnsafeMutableRawPointer).self)
        return PluginBox.take(make())
    }

    /// The dynamic linker's words, with what they mean where the cause is a plugin of another build: the type that bears the
    /// revision is missing (its mangled name abbreviates all of `XinglinKitABI_…` but the end).
    private static func explained(_ message: String) -> String {
        message.contains("ABI_") ? "built against another revision of the Kit; build it anew" : message
    }
}
