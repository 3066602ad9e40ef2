public let migrations: [[UInt8]] = [PackageResources.m0001_create_sql, PackageResources.m0002_b_sql]
