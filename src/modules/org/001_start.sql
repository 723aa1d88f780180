-- Administrative divisions, five levels; 12-digit statistical codes (domain: GB/T 2260 + 3 + 3).
CREATE TABLE org_division (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    parent TEXT REFERENCES org_division (code),
    level BIGINT NOT NULL
);
CREATE INDEX org_division_parent ON org_division (parent, code);

-- Bodies: organs, institutions, enterprises that own items.
CREATE TABLE org_body (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    short TEXT NOT NULL,
    kind TEXT NOT NULL,
    level BIGINT NOT NULL,
    duty TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    remedy_body TEXT NOT NULL,
    pos BIGINT NOT NULL,
    counted BOOLEAN NOT NULL
);

CREATE TABLE org_section (
    body BIGINT NOT NULL REFERENCES org_body (id),
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (body, n)
);

CREATE TABLE org_window (
    no TEXT PRIMARY KEY,
    zone TEXT NOT NULL,
    floor BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL
);

CREATE TABLE org_window_body (
    body BIGINT NOT NULL REFERENCES org_body (id),
    no TEXT NOT NULL REFERENCES org_window (no),
    PRIMARY KEY (body, no)
);

-- Service centres of townships and service stations of villages.
CREATE TABLE org_station (
    division TEXT PRIMARY KEY REFERENCES org_division (code),
    name TEXT NOT NULL,
    level BIGINT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL
);

-- Members of staff. A fact is ended, not deleted.
CREATE TABLE org_staff (
    id BIGINT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    body BIGINT NOT NULL REFERENCES org_body (id),
    section TEXT NOT NULL,
    window_no TEXT REFERENCES org_window (no),
    division TEXT REFERENCES org_division (code),
    sample BOOLEAN NOT NULL,
    ended_at BIGINT
);
CREATE INDEX org_staff_body ON org_staff (body, id);

CREATE TABLE org_staff_role (
    staff BIGINT NOT NULL REFERENCES org_staff (id),
    role TEXT NOT NULL,
    PRIMARY KEY (staff, role)
);

-- One row: grows with every change of anything that public pages show.
CREATE TABLE org_public_version (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO org_public_version (id, version) VALUES (1, 1);
