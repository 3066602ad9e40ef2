public import XinglinKit

/// The county's index of persons, and the departments and staff of its sites.
public struct PeopleModule: FeatureModule {
    public static let manifest = ModuleManifest(
        code: "people",
        version: "0.1.0",
        summary: .init(zh: "人员主索引、科室与职工", en: "Index of persons, departments and staff"),
        faults: PeopleFault.all,
        constraints: [
            "staff_in_department_of_site": HostFault.notFound,
            "staff_exists": PeopleFault.staffExists,
            "document_exists": PeopleFault.documentExists,
        ],
        migrations: [Migration("m0001_create", PackageResources.m0001_create_sql)],
        tables: [
            .county("person"), .county("document"), .county("temporary_number"), .county("change"), .county("merge"),
            .perSite("registration"), .perSite("department"), .perSite("staff"), .perSite("staff_right"),
        ],
        sealedColumns: Sealed.all,
        publishes: PeopleTopic.all,
        statements: StatementSamples.all
    )

    public init(_ boot: Boot) throws {}

    public var methods: [any RPCMethod] {
        [
            RegisterPerson(),
            GetPerson(),
            GetManyPersons(),
            CheckManyPersons(),
            EnsureManyPersons(),
            UnmaskManyPersons(),
            FindPersons(),
            UpdatePerson(),
            PersonHistory(),
            MergePersons(),
            UnmergePerson(),
            CreateRegistration(),
            ListRegistrations(),
            CreateDepartment(),
            ListDepartments(),
            CreateStaff(),
            UpdateStaff(),
            ListStaff(),
            GetManyStaff(),
        ]
    }

    public var imports: [any BulkImport] { [ResidentImport(), StaffImport()] }

    public var exports: [any BulkExport] { [ResidentExport(), StaffExport()] }
}

/// Tells the loader which Kit this was compiled against, before anything else is called.
@c public func xinglin_abi_People() -> UnsafePointer<CChar> {
    UnsafeRawPointer(XinglinKitABI.stamp.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Hands the module to the loader.
@c public func xinglin_plugin_People() -> UnsafeMutableRawPointer {
    PluginBox.hand(PeopleModule.self)
}
