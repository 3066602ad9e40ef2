-- The county's index of persons. It has no site: who may see a person is said by people.registration.
-- Name, pinyin and birth date can be searched; phone and address are sealed.
CREATE TABLE people.person (
    person_id   uuid        NOT NULL,
    name_zh     text        COLLATE "C" NOT NULL,
    pinyin      text        COLLATE "C" NOT NULL,
    initials    text        COLLATE "C" NOT NULL,
    sex         text        NOT NULL,
    birth_date  date,
    phone       bytea,
    address     bytea,
    -- Counts the changes; who changes a person names the version that was read.
    version     bigint      NOT NULL,
    -- The record that this one was merged into, and the one that stands for both today: itself where it was not merged.
    merged_into uuid,
    current_id  uuid        NOT NULL,
    created_at  timestamptz NOT NULL,
    created_by  uuid        NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT person_key PRIMARY KEY (person_id),
    CONSTRAINT person_sex_known CHECK (sex IN ('male', 'female', 'unknown', 'notStated')),
    CONSTRAINT person_has_name CHECK (name_zh <> ''),
    CONSTRAINT person_merged_into_known FOREIGN KEY (merged_into) REFERENCES people.person,
    CONSTRAINT person_current_known FOREIGN KEY (current_id) REFERENCES people.person,
    CONSTRAINT person_stands_for_itself_unless_merged CHECK ((merged_into IS NULL) = (current_id = person_id))
);

CREATE INDEX person_by_current ON people.person (current_id);
CREATE INDEX person_by_merged_into ON people.person (merged_into) WHERE merged_into IS NOT NULL;

-- The identity document of a person. The number is sealed; its blind index finds it and is unique with its kind.
CREATE TABLE people.document (
    person_id    uuid  NOT NULL,
    kind         text  NOT NULL,
    number       bytea NOT NULL,
    number_index bytea NOT NULL,
    CONSTRAINT document_of_person_once PRIMARY KEY (person_id),
    CONSTRAINT document_of_known_person FOREIGN KEY (person_id) REFERENCES people.person,
    CONSTRAINT document_kind_known CHECK (kind IN ('citizenId', 'passport', 'other')),
    CONSTRAINT document_exists UNIQUE (number_index, kind)
);

-- Numbers for persons without a document. The sequence never gives one twice.
CREATE SEQUENCE people.temporary_sequence;
CREATE TABLE people.temporary_number (
    number    text NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT temporary_number_key PRIMARY KEY (number),
    CONSTRAINT temporary_number_of_person_once UNIQUE (person_id),
    CONSTRAINT temporary_number_of_known_person FOREIGN KEY (person_id) REFERENCES people.person
);

-- What changed of a person: who, when, where, which fields; the values before are sealed.
CREATE TABLE people.change (
    change_id  uuid        NOT NULL,
    person_id  uuid        NOT NULL,
    -- The version that the change made.
    version    bigint      NOT NULL,
    fields     text        NOT NULL,
    before     bytea       NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid        NOT NULL,
    changed_at_site uuid   NOT NULL,
    CONSTRAINT change_key PRIMARY KEY (change_id),
    CONSTRAINT change_made_one_version UNIQUE (person_id, version),
    CONSTRAINT change_of_known_person FOREIGN KEY (person_id) REFERENCES people.person
);

-- Every merge, and when it was taken back. The reason is sealed: people write what they like.
CREATE TABLE people.merge (
    merge_id       uuid        NOT NULL,
    keep_id        uuid        NOT NULL,
    drop_id        uuid        NOT NULL,
    reason         bytea       NOT NULL,
    merged_at      timestamptz NOT NULL,
    merged_by      uuid        NOT NULL,
    unmerge_reason bytea,
    unmerged_at    timestamptz,
    unmerged_by    uuid,
    CONSTRAINT merge_key PRIMARY KEY (merge_id),
    CONSTRAINT merge_keep_known FOREIGN KEY (keep_id) REFERENCES people.person,
    CONSTRAINT merge_drop_known FOREIGN KEY (drop_id) REFERENCES people.person,
    CONSTRAINT merge_of_two CHECK (keep_id <> drop_id),
    CONSTRAINT merge_taken_back_whole CHECK (
        (unmerged_at IS NULL) = (unmerged_by IS NULL) AND (unmerged_at IS NULL) = (unmerge_reason IS NULL)),
    CONSTRAINT merge_dropped_once UNIQUE NULLS NOT DISTINCT (drop_id, unmerged_at)
);

-- Which persons a site knows: what a site may see hangs on it. The name stands here too, so that it can be searched within
-- the sites that the caller may read.
CREATE TABLE people.registration (
    site_id       uuid        NOT NULL,
    person_id     uuid        NOT NULL,
    name_zh       text        COLLATE "C" NOT NULL,
    pinyin        text        COLLATE "C" NOT NULL,
    initials      text        COLLATE "C" NOT NULL,
    birth_date    date,
    basis         text        NOT NULL,
    registered_at timestamptz NOT NULL,
    registered_by uuid        NOT NULL,
    CONSTRAINT registration_key PRIMARY KEY (site_id, person_id),
    CONSTRAINT registration_of_known_person FOREIGN KEY (person_id) REFERENCES people.person
);

-- The columns' collation "C" compares bytes, so these serve prefixes (>= and <) and the order of lists alike.
CREATE INDEX registration_by_pinyin ON people.registration (site_id, pinyin, person_id);
CREATE INDEX registration_by_initials ON people.registration (site_id, initials);
CREATE INDEX registration_by_name ON people.registration (site_id, name_zh);
CREATE INDEX registration_by_person ON people.registration (person_id, site_id);

-- A new name goes to every site that knows the person, also to those that the caller may not read. It is the only thing that
-- writes beyond the acting site, and it writes these four columns alone; the policy below lets no one else do it.
CREATE FUNCTION people.copy_name() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE people.registration
    SET name_zh = NEW.name_zh, pinyin = NEW.pinyin, initials = NEW.initials, birth_date = NEW.birth_date
    WHERE person_id = NEW.person_id;
    RETURN NULL;
END $$;

CREATE TRIGGER person_name_copied AFTER UPDATE OF name_zh, pinyin, initials, birth_date ON people.person
    FOR EACH ROW
    WHEN ((OLD.name_zh, OLD.pinyin, OLD.initials, OLD.birth_date)
        IS DISTINCT FROM (NEW.name_zh, NEW.pinyin, NEW.initials, NEW.birth_date))
    EXECUTE FUNCTION people.copy_name();

CREATE TABLE people.department (
    site_id       uuid        NOT NULL,
    department_id uuid        NOT NULL,
    code          text        COLLATE "C" NOT NULL,
    name_zh       text        NOT NULL,
    kind          text        NOT NULL,
    created_at    timestamptz NOT NULL,
    created_by    uuid        NOT NULL,
    CONSTRAINT department_key PRIMARY KEY (site_id, department_id),
    CONSTRAINT department_exists UNIQUE (site_id, code)
);

-- An employment: a person in a department, with a title. One person may work in several departments.
CREATE TABLE people.staff (
    site_id       uuid        NOT NULL,
    staff_id      uuid        NOT NULL,
    person_id     uuid        NOT NULL,
    department_id uuid        NOT NULL,
    title         text        NOT NULL,
    employed_on   date        NOT NULL,
    left_on       date,
    version       bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    created_by    uuid        NOT NULL,
    CONSTRAINT staff_key PRIMARY KEY (site_id, staff_id),
    CONSTRAINT staff_is_known_person FOREIGN KEY (person_id) REFERENCES people.person,
    CONSTRAINT staff_in_department_of_site FOREIGN KEY (site_id, department_id) REFERENCES people.department,
    CONSTRAINT staff_leaves_after_beginning CHECK (left_on >= employed_on),
    CONSTRAINT staff_exists UNIQUE NULLS NOT DISTINCT (site_id, department_id, person_id, left_on)
);

CREATE INDEX staff_by_person ON people.staff (person_id, site_id);

-- What a member of staff may do, from when and until when.
CREATE TABLE people.staff_right (
    site_id    uuid NOT NULL,
    staff_id   uuid NOT NULL,
    right_code text NOT NULL,
    granted_on date NOT NULL,
    revoked_on date,
    CONSTRAINT staff_right_key PRIMARY KEY (site_id, staff_id, right_code, granted_on),
    CONSTRAINT staff_right_of_staff FOREIGN KEY (site_id, staff_id) REFERENCES people.staff,
    CONSTRAINT staff_right_ends_after_beginning CHECK (revoked_on >= granted_on)
);

ALTER TABLE people.registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.registration FORCE ROW LEVEL SECURITY;
CREATE POLICY registration_of_site ON people.registration
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
-- people.copy_name runs as the table's owner, and nothing else at run time does.
CREATE POLICY registration_name_copied ON people.registration
    USING (current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'people.registration'::regclass));

ALTER TABLE people.department ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.department FORCE ROW LEVEL SECURITY;
CREATE POLICY department_of_site ON people.department
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE people.staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.staff FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_of_site ON people.staff
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());

ALTER TABLE people.staff_right ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.staff_right FORCE ROW LEVEL SECURITY;
CREATE POLICY staff_right_of_site ON people.staff_right
    USING (site_id = ANY (host.readable_sites())) WITH CHECK (site_id = host.acting_site());
