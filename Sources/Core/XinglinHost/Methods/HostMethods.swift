public import XinglinKit

/// The host's own methods. They belong to no plugin and cannot be disabled.
enum HostMethods {
    static let all: [any RPCMethod] = [
        HostPing(), HostStatus(), RPCDiscover(),
        SessionLogin(), SessionResume(), SessionWhoAmI(), SessionChangePassword(), SessionLogout(),
        SitesCreate(), SitesGet(), SitesList(),
        AccountsCreate(), AccountsSetRoles(), AccountsDisable(), AccountsEnable(), AccountsResetPassword(),
        AccountsList(), AccountsCreateMachine(), AccountsEnrolmentCode(), AccountsCertificates(),
        AccountsRevokeCertificate(), MachineEnrol(), MachineRenew(),
        ModulesList(), ModulesEnable(), ModulesDisable(),
        ImportsKinds(), ImportsBegin(), ImportsAppend(), ImportsFinish(), ImportsGet(), ImportsList(), ImportsFaults(),
        ImportsApply(), ImportsCancel(), ImportsFaultsFile(),
        AuditList(), AuditStatus(), AuditCheckpointsList(),
        EventsTopics(), EventsSubscribe(), EventsUnsubscribe(), EventsParkedList(), EventsParkedRetry(),
        FilesBegin(), FilesAppend(), FilesFinish(), FilesRead(), FilesGet(), FilesList(), FilesDelete(), FilesUsage(),
        ExportsKinds(), ExportsBegin(), ExportsGet(), ExportsList(),
        JobsList(), JobsRun(), JobsHistory(),
    ]
}

extension HostTasks {
    /// What one of the host's own methods does; nil where it has none of that name.
    public static func effect(of method: String) -> Effect? {
        HostMethods.all.first { type(of: $0).name == method }.map { type(of: $0).effect }
    }
}
