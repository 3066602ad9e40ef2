-- The roles that Xinglin needs on a PostgreSQL server that it does not run itself. It may be run again, for instance
-- after a module was added, by a superuser or by whoever owns the database and has CREATEROLE:
--
--     createdb xinglin
--     psql -d xinglin -v modules=example,decoction,membership,people -f deploy/roles.sql
--     psql -d xinglin -c '\password xinglin_host' -c '\password xinglin_migrator'
--
-- Variables: modules (codes, with commas between), prefix (xinglin), host_login (another login that serves as the host).
-- `database.url` then names xinglin_host, and `database.migrateUrl` (for `xinglin migrate`) xinglin_migrator.
\set ON_ERROR_STOP on
\if :{?modules}
\else
    DO $$ BEGIN RAISE EXCEPTION 'say which modules: psql -v modules=example,decoction,membership,people -f roles.sql'; END $$;
\endif
\if :{?prefix}
\else
    \set prefix xinglin
\endif
\if :{?host_login}
\else
    \set host_login ''
\endif

SELECT set_config('xinglin.prefix', :'prefix', false) AS prefix, set_config('xinglin.modules', :'modules', false) AS modules,
    set_config('xinglin.host_login', :'host_login', false) AS host_login,
    set_config('xinglin.grants_database', 'yes', false) AS grants_database;

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
