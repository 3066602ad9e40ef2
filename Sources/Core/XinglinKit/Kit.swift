// All that a plugin may use comes through this one module: plugins import XinglinKit and nothing else of ours.
@_exported public import Logging
