/// What a plugin's second entry point returns: an unmanaged box with the module's type.
public final class PluginBox: Sendable {
    public let module: any FeatureModule.Type

    private init(_ module: any FeatureModule.Type) {
        self.module = module
    }

    /// For `xinglin_plugin_<Stem>`.
    public static func hand(_ module: any FeatureModule.Type) -> UnsafeMutableRawPointer {
        Unmanaged.passRetained(PluginBox(module)).toOpaque()
    }

    /// For the loader.
    public static func take(_ pointer: UnsafeMutableRawPointer) -> any FeatureModule.Type {
        Unmanaged<PluginBox>.fromOpaque(pointer).takeRetainedValue().module
    }
}
