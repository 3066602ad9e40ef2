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

    /// Where plugins lie; of two with one name the first folder's is loaded.
    let directories: [String]

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
        let libraries = try self.libraries()
        let stems = libraries.map(\.stem)
        guard let wanted else { return libraries.filter { !$0.stem.hasSuffix(Self.onRequest) }.map(self.load) }
        let named = libraries.filter { wanted.contains($0.stem) }
        // A code is known only once its library is loaded, so the rest are loaded to be asked.
        let unnamed = wanted.filter { !stems.contains($0) }
        if unnamed.isEmpty { return named.map(self.load) }
        let all = libraries.map(self.load)
        let kept = all.filter { found in
            if wanted.contains(found.stem) { return true }
            guard case .success(let module) = found.result else { return false }
            return unnamed.contains(module.manifest.code)
        }
        let codes = kept.compactMap { try? $0.result.get().manifest.code }
        let missing = unnamed.filter { !codes.contains($0) }
        return kept
            + missing.map {
                Found(
                    stem: $0,
                    result: .failure(
                        Refusal(reason: "no plugin of that name lies in \(self.directories.joined(separator: " or "))"))
                )
            }
    }

    /// A plugin library as it lies in a folder.
    private struct Library {
        let stem: String
        let path: String
        /// The library of the same name in a folder before.
        let rival: String?
    }

    private func libraries() throws -> [Library] {
        var libraries: [Library] = []
        for directory in self.directories {
            for stem in try Self.stems(in: directory) {
                let path = "\(directory)/lib\(stem)Plugin.so"
                libraries.append(
                    Library(stem: stem, path: path, rival: libraries.first { $0.stem == stem }?.path))
            }
        }
        return libraries
    }

    private static func stems(in directory: String) throws -> [String] {
        guard let folder = opendir(directory) else { throw FileError(path: directory, code: errno) }
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

    private func load(_ library: Library) -> Found {
        do throws(Refusal) {
            if let rival = library.rival {
                throw Refusal(reason: "\(library.path) is not loaded: \(rival) has the same name")
            }
            return Found(stem: library.stem, result: .success(try self.module(library.stem, library.path)))
        } catch {
            return Found(stem: library.rival == nil ? library.stem : "\(library.stem)-2", result: .failure(error))
        }
    }

    private func module(_ stem: String, _ path: String) throws(Refusal) -> any FeatureModule.Type {
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
