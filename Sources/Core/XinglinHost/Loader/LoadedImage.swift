internal import Glibc

/// Where a piece of loaded code lies on disk. Glibc's overlay lacks `dladdr`, so it is looked up by name.
enum LoadedImage {
    private struct Info {
        var fileName: UnsafePointer<CChar>?
        var base: UnsafeMutableRawPointer?
        var symbolName: UnsafePointer<CChar>?
        var symbol: UnsafeMutableRawPointer?
    }
    private typealias Lookup = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> Int32

    /// The path of the library or executable that holds a type's metadata, or nil.
    static func path(of type: Any.Type) -> String? {
        guard let symbol = dlsym(nil, "dladdr") else { return nil }
        let lookup = unsafeBitCast(symbol, to: Lookup.self)
        var info = Info()
        let metadata = unsafeBitCast(type, to: UnsafeRawPointer.self)
        guard withUnsafeMutablePointer(to: &info, { lookup(metadata, UnsafeMutableRawPointer($0)) }) != 0,
            let name = info.fileName
        else { return nil }
        return Self.resolved(String(cString: name))
    }

    /// The folder that holds the image with the type's metadata.
    static func folder(of type: Any.Type) -> String? {
        guard let path = self.path(of: type), let slash = path.lastIndex(of: "/") else { return nil }
        return String(path[..<slash])
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
