/// The host's own reasons (contract.md, "Codes and reasons"). A module may throw those that are not about the wire.
public enum HostFault {
    public static let parseError = FaultKind(
        "host.parseError", code: -32700,
        message: .init(zh: "无法解析的 JSON", en: "The line is not valid JSON"),
        hint: .init(zh: "每行发送一个符合 RFC 8259 的 UTF-8 JSON 值", en: "Send one RFC 8259 JSON value in UTF-8 per line"))
    public static let invalidRequest = FaultKind(
        "host.invalidRequest", code: -32600,
        message: .init(zh: "不是有效的 JSON-RPC 2.0 请求", en: "Not a valid JSON-RPC 2.0 request"),
        hint: .init(zh: "参见 docs/protocol.md 中的请求格式", en: "See the shape of a request in docs/protocol.md"))
    public static let methodNotFound = FaultKind(
        "host.methodNotFound", code: -32601,
        message: .init(zh: "没有这个方法", en: "There is no such method"),
        hint: .init(
            zh: "用 rpc.discover 查看方法清单，或请管理员安装相应模块",
            en: "List the methods with rpc.discover, or ask the administrator to install the module"))
    public static let invalidParams = FaultKind(
        "host.invalidParams", code: -32602,
        message: .init(zh: "参数不符合要求", en: "The parameters are not as required"),
        hint: .init(zh: "按 details 中所列的位置更正后重试", en: "Correct what details names and call again"))
    public static let `internal` = FaultKind(
        "host.internal", code: -32603,
        message: .init(zh: "主机内部错误", en: "The host failed"),
        hint: .init(zh: "请把 trace 编号告知管理员", en: "Give the trace id to the administrator"))
    public static let unauthenticated = FaultKind(
        "host.unauthenticated", code: -32001,
        message: .init(zh: "尚未登录", en: "Not logged in"),
        hint: .init(zh: "先调用 session.login 或 session.resume", en: "Call session.login or session.resume first"))
    public static let badCredentials = FaultKind(
        "host.badCredentials", code: -32001,
        message: .init(zh: "账号或密码不正确", en: "Account or password is wrong"),
        hint: .init(zh: "核对后重试；忘记密码请机构管理员重置", en: "Check and try again; the site's administrator can reset a password"))
    public static let sessionExpired = FaultKind(
        "host.sessionExpired", code: -32001,
        message: .init(zh: "会话已过期或已注销", en: "The session has expired or was ended"),
        hint: .init(zh: "请重新登录", en: "Log in again"))
    public static let passwordChangeRequired = FaultKind(
        "host.passwordChangeRequired", code: -32001,
        message: .init(zh: "必须先修改密码", en: "The password must be changed first"),
        hint: .init(zh: "调用 session.changePassword", en: "Call session.changePassword"))
    public static let forbidden = FaultKind(
        "host.forbidden", code: -32002,
        message: .init(zh: "没有权限", en: "Not permitted"),
        hint: .init(
            zh: "需要的角色见 details；由机构管理员授予", en: "details names the roles needed; the site's administrator grants them"))
    public static let overloaded = FaultKind(
        "host.overloaded", code: -32003,
        message: .init(zh: "主机繁忙，队列已满", en: "The host is overloaded"),
        hint: .init(zh: "稍候重试", en: "Wait a moment and call again"), retryable: true)
    public static let busy = FaultKind(
        "host.busy", code: -32003,
        message: .init(zh: "数据正被他人修改", en: "The record is being changed by someone else"),
        hint: .init(zh: "稍候重试", en: "Wait a moment and call again"), retryable: true)
    public static let rateLimited = FaultKind(
        "host.rateLimited", code: -32003,
        message: .init(zh: "尝试过于频繁", en: "Too many attempts"),
        hint: .init(zh: "等待 details 中的秒数后重试", en: "Wait the seconds given in details and try again"), retryable: true)
    public static let deadline = FaultKind(
        "host.deadline", code: -32004,
        message: .init(zh: "在期限内未完成", en: "Not finished within the deadline"),
        hint: .init(
            zh: "未产生任何更改；可加大 deadlineMs（至多 60000）或缩小范围",
            en: "Nothing was changed; raise deadlineMs (at most 60000) or narrow the request"))
    public static let shuttingDown = FaultKind(
        "host.shuttingDown", code: -32005,
        message: .init(zh: "主机正在停止", en: "The host is shutting down"),
        hint: .init(zh: "稍候重新连接", en: "Connect again shortly"), retryable: true)
    public static let moduleDisabled = FaultKind(
        "host.moduleDisabled", code: -32006,
        message: .init(zh: "本机构未启用该模块", en: "The module is not enabled at this site"),
        hint: .init(zh: "由管理员调用 modules.enable 启用", en: "An administrator enables it with modules.enable"))
    public static let moduleQuarantined = FaultKind(
        "host.moduleQuarantined", code: -32006,
        message: .init(zh: "该模块已被隔离", en: "The module is quarantined"),
        hint: .init(zh: "管理员可用 modules.list 查看原因", en: "An administrator sees the cause with modules.list"))
    public static let siteRequired = FaultKind(
        "host.siteRequired", code: -32007,
        message: .init(zh: "未指明机构", en: "No site was named"),
        hint: .init(zh: "在 params._meta.site 中给出机构代码", en: "Give the site's code in params._meta.site"))
    public static let siteUnknown = FaultKind(
        "host.siteUnknown", code: -32007,
        message: .init(zh: "没有这个机构", en: "There is no such site"),
        hint: .init(zh: "用 sites.list 查看机构代码", en: "List the codes with sites.list"))
    public static let unavailable = FaultKind(
        "host.unavailable", code: -32008,
        message: .init(zh: "数据库暂不可用", en: "The database is unavailable"),
        hint: .init(
            zh: "稍候重试；写操作请带同一 idempotencyKey", en: "Call again shortly; send writes with the same idempotencyKey"),
        retryable: true)
    public static let storageFull = FaultKind(
        "host.storageFull", code: -32008,
        message: .init(zh: "数据库所在磁盘已满", en: "The database's disk is full"),
        hint: .init(
            zh: "未产生任何更改；请管理员清理磁盘空间后，以同一 idempotencyKey 重试",
            en: "Nothing was changed; once the administrator has made room, call again with the same idempotencyKey"),
        retryable: true)
    public static let idempotencyConflict = FaultKind(
        "host.idempotencyConflict", code: -32009,
        message: .init(zh: "该 idempotencyKey 已用于另一内容", en: "This idempotencyKey was used with other content"),
        hint: .init(zh: "新的操作请使用新的键", en: "Use a new key for a new action"))
    public static let notFound = FaultKind(
        "host.notFound", code: -32010,
        message: .init(zh: "没有找到", en: "Not found"),
        hint: .init(zh: "核对编号及所在机构", en: "Check the id and the site"))
    public static let conflict = FaultKind(
        "host.conflict", code: -32010,
        message: .init(zh: "记录已被更改或已存在", en: "The record changed meanwhile or exists already"),
        hint: .init(zh: "重新读取后再试", en: "Read it again and retry"))
    public static let replyTooLarge = FaultKind(
        "host.replyTooLarge", code: -32011,
        message: .init(zh: "应答过大", en: "The reply is too large"),
        hint: .init(zh: "减小 limit 或分页读取", en: "Lower limit or read page by page"))

    /// Every reason of the host, for docs/errors.md and the tests.
    public static let all: [FaultKind] = [
        parseError, invalidRequest, methodNotFound, invalidParams, `internal`, unauthenticated, badCredentials,
        sessionExpired, passwordChangeRequired, forbidden, overloaded, busy, rateLimited, deadline, shuttingDown,
        moduleDisabled, moduleQuarantined, siteRequired, siteUnknown, unavailable, storageFull, idempotencyConflict,
        notFound,
        conflict, replyTooLarge,
    ]
}
