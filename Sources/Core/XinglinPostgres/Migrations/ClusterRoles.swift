/// The roles that an instance needs. They belong to the whole cluster, hence the prefix.
public enum ClusterRoles {
    /// SQL that makes, and may be run again to complete: `<prefix>_owner`, `<prefix>_host` and `<prefix>_migrator`
    /// (which log in and inherit nothing), one role per module, their memberships, and the owner's right to create
    /// schemas in the database it runs in. It sets no passwords.
    /// - Parameter hostLogin: another login that is to serve as the host; nil where `<prefix>_host` itself does.
    public static func script(prefix: String, modules: [String], hostLogin: String?) -> String {
        self.script(prefix: prefix, modules: modules, hostLogin: hostLogin, grantsDatabase: true)
    }

    static func script(prefix: String, modules: [String], hostLogin: String?, grantsDatabase: Bool) -> String {
        let settings = [
            ("prefix", prefix), ("modules", modules.joined(separator: ",")), ("host_login", hostLogin ?? ""),
            ("grants_database", grantsDatabase ? "yes" : "no"),
        ]
        let calls = settings.map { "set_config('xinglin.\($0.0)', \(SQLText.literal($0.1)), false)" }
        return "SELECT \(calls.joined(separator: ", "));\n\n\(Self.body)\n"
    }

    /// The same text stands in deploy/roles.sql, behind psql's variables.
    static let body = """
        DO $xinglin$
        DECLARE
            prefix text := current_setting('xinglin.prefix');
            modules text[] := string_to_array(current_setting('xinglin.modules'), ',');
            host_login text := current_setting('xinglin.host_login');
            wanted record;
        BEGIN
            IF prefix !~ '^[a-z][a-z0-9_]{0,30}$' THEN
                RAISE EXCEPTION 'the prefix must be lowercase letters, digits and _';
            END IF;
            IF EXISTS (SELECT FROM unnest(modules) AS code
                       WHERE code !~ '^[a-z][a-z0-9_]{0,30}$' OR code IN ('owner', 'host', 'migrator')) THEN
                RAISE EXCEPTION 'a module''s code must be lowercase letters, digits and _';
            END IF;

            FOR wanted IN
                SELECT prefix || '_owner' AS name, false AS logs_in
                UNION ALL SELECT prefix || '_host', true
                UNION ALL SELECT prefix || '_migrator', true
                UNION ALL SELECT prefix || '_' || code, false FROM unnest(modules) AS code
            LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
                    EXECUTE format('CREATE ROLE %I %s NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS',
                        wanted.name, CASE WHEN wanted.logs_in THEN 'LOGIN' ELSE 'NOLOGIN' END);
                ELSIF EXISTS (SELECT FROM pg_roles
                              WHERE rolname = wanted.name
                                    AND (rolsuper OR rolbypassrls OR rolinherit AND wanted.logs_in)) THEN
                    RAISE EXCEPTION 'role % exists and has more rights than it should', wanted.name;
                END IF;
            END LOOP;

            FOR wanted IN
                SELECT prefix || '_owner' AS role, prefix || '_migrator' AS member
                UNION ALL SELECT prefix || '_' || code, prefix || '_host' FROM unnest(modules) AS code
                UNION ALL SELECT prefix || '_host', host_login WHERE host_login <> ''
            LOOP
                IF NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
                               JOIN pg_roles u ON u.oid = m.member
                               WHERE r.rolname = wanted.role AND u.rolname = wanted.member) THEN
                    EXECUTE format('GRANT %I TO %I', wanted.role, wanted.member);
                END IF;
            END LOOP;

            IF current_setting('xinglin.grants_database') = 'yes'
               AND NOT has_database_privilege(prefix || '_owner', current_database(), 'CREATE') THEN
                EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), prefix || '_owner');
            END IF;
        END
        $xinglin$;
        """
}
