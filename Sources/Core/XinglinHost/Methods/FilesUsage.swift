internal import XinglinKit

/// `files.usage`: how much room files take, and how much there is.
struct FilesUsage: RPCMethod {
    struct Reply: Codable, Sendable {
        var site: SiteUsage
        var own: OwnUsage
        var largestBytes: Int64
        var pieceBytes: Int64
        var openDays: Int64
        var unusedDays: Int64

        struct SiteUsage: Codable, Sendable {
            var files: Int64
            var bytes: Int64
            var limitBytes: Int64
            var limitFiles: Int64
        }
        struct OwnUsage: Codable, Sendable {
            var files: Int64
            var bytes: Int64
            var openFiles: Int64
            var openLimitFiles: Int64
            var openBytes: Int64
            var openLimitBytes: Int64
        }
    }

    static let name = "files.usage"
    static let summary = "Says how much room the site's files and the caller's own take, and what the limits are."
    static let effect = Effect.read
    static let access = Access.authenticated
    static let params = Schema.object()
    static let reply = Schema.object(
        .required(
            "site",
            .object(
                .required("files", .integer(0...Int64.max), "Files of the site, unfinished ones too."),
                .required("bytes", .integer(0...Int64.max), "Their declared length."),
                .required("limitBytes", .integer(0...Int64.max), "What they may come to (files.siteMegabytes)."),
                .required("limitFiles", .integer(0...Int64.max), "How many there may be (files.siteFiles).")),
            "The acting site."),
        .required(
            "own",
            .object(
                .required("files", .integer(0...Int64.max), "Files that the caller brought here."),
                .required("bytes", .integer(0...Int64.max), "Their declared length."),
                .required("openFiles", .integer(0...Int64.max), "Of these, how many are not finished."),
                .required(
                    "openLimitFiles", .integer(0...Int64.max), "How many of these there may be (files.openFiles)."),
                .required("openBytes", .integer(0...Int64.max), "Of these, what is not finished."),
                .required(
                    "openLimitBytes", .integer(0...Int64.max), "What that may come to (files.openMegabytes).")),
            "The caller at this site."),
        .required("largestBytes", .integer(0...Int64.max), "The largest file (files.largestMegabytes)."),
        .required("pieceBytes", .integer(0...Int64.max), "The largest piece of files.append and files.read."),
        .required("openDays", .integer(0...Int64.max), "How long an unfinished upload is kept."),
        .required("unusedDays", .integer(0...Int64.max), "How long a file is kept that nothing references."))
    private static let example = Reply(
        site: .init(files: 12, bytes: 34_567_890, limitBytes: 21_474_836_480, limitFiles: 1_000_000),
        own: .init(
            files: 3, bytes: 3_456_789, openFiles: 1, openLimitFiles: 100, openBytes: 1_048_576,
            openLimitBytes: 1_073_741_824),
        largestBytes: 268_435_456, pieceBytes: 524_288, openDays: 7, unusedDays: 30)
    static let examples = Examples<Empty, Reply>(full: (Empty(), example), minimal: (Empty(), example))

    func handle(_ params: Empty, _ call: Call) throws -> Reply {
        let site = try call.site.id
        let settings = try call.hosted.services.settings.files
        let results = try call.db.batch([
            Statement(FileQuota.used(at: site)),
            Statement(FileStore.own(site: site, account: try call.caller.accountID)),
        ])
        let used: (Int64, Int64) = try results[0].first() ?? (0, 0)
        let own: (Int64, Int64, Int64, Int64) = try results[1].first() ?? (0, 0, 0, 0)
        return Reply(
            site: .init(
                files: used.0, bytes: used.1, limitBytes: FileQuota.bytes(settings.siteMegabytes),
                limitFiles: Int64(settings.siteFiles)),
            own: .init(
                files: own.0, bytes: own.1, openFiles: own.3, openLimitFiles: Int64(settings.openFiles),
                openBytes: own.2, openLimitBytes: FileQuota.bytes(settings.openMegabytes)),
            largestBytes: FileQuota.bytes(settings.largestMegabytes), pieceBytes: Int64(FilesAppend.mostBytes),
            openDays: Int64(settings.openDays), unusedDays: Int64(settings.unusedDays))
    }
}
