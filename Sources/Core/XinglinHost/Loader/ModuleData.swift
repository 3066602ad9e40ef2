internal import XinglinCrypto
internal import XinglinKit

/// Reads a module's data files from the folder that SwiftPM lays beside its library, `<package>_<target>.resources`.
enum ModuleData {
    /// Why a data file is not accepted.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The files that the manifest declares, their digests checked.
    static func read(_ module: any FeatureModule.Type, digest: ([UInt8]) throws -> String = { try SHA256.hex(of: $0) })
        throws -> DataFiles
    {
        let manifest = module.manifest
        if manifest.dataFiles.isEmpty { return DataFiles([:]) }
        guard let folder = LoadedImage.folder(of: module) else {
            throw Refusal(description: "the library of module \(manifest.code) was not found on disk")
        }
        // The metadata's name is "<target>.<type>": the target names the resources' folder.
        let target = String(reflecting: module).prefix { $0 != "." }
        var contents: [String: [UInt8]] = [:]
        for file in manifest.dataFiles {
            let path = "\(folder)/xinglin_\(target).resources/Data/\(file.name)"
            let bytes = try readFile(path)
            let found = try digest(bytes)
            guard found == file.sha256 else {
                throw Refusal(description: "\(file.name) is damaged: its SHA-256 is \(found), expected \(file.sha256)")
            }
            contents[file.name] = bytes
        }
        return DataFiles(contents)
    }
}
