import Foundation

/// The files of this repository, as the rules read them. Nothing is built or run.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file below a folder whose name ends so, in the order of the paths.
    static func files(in folder: String, ending suffix: String = "") throws -> [File] {
        let base = self.root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var found: [File] = []
        while let name = walk.nextObject() as? String {
            // Build products, Git's own files, environments of tools and a data folder are not ours.
            let last = name.split(separator: "/").last ?? ""
            if last.hasPrefix(".") || last == "__pycache__" || name == "data" {
                walk.skipDescendants()
                continue
            }
            guard name.hasSuffix(suffix) else { continue }
            let url = base.appendingPathComponent(name)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            found.append(File(path: folder == "." ? name : "\(folder)/\(name)", data: try Data(contentsOf: url)))
        }
        return found.sorted { $0.path < $1.path }
    }

    /// The Swift files of the folders.
    static func swiftFiles(in folders: String...) throws -> [File] {
        try folders.flatMap { try self.files(in: $0, ending: ".swift") }
    }

    static func file(_ path: String) throws -> File {
        File(path: path, data: try Data(contentsOf: self.root.appendingPathComponent(path)))
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: self.root.appendingPathComponent(path).path)
    }

    /// The folders directly below a folder.
    static func folders(in folder: String) throws -> [String] {
        let base = self.root.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(at: base, includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).filter { !$0.hasPrefix(".") }.sorted()
    }
}
