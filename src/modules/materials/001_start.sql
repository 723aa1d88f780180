-- A file that was kept, by its content; the bytes lie in DIR/files/ab/cd/<sm3> before the row is there.
CREATE TABLE materials_file (
    sm3 BYTEA PRIMARY KEY,
    size BIGINT NOT NULL,
    type TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

-- Which files belong to what (a draft, a case): `slot` says what for, e.g. the number of the material.
CREATE TABLE materials_link (
    root BIGINT NOT NULL,
    n BIGINT NOT NULL,
    slot TEXT NOT NULL,
    filename TEXT NOT NULL,
    sm3 BYTEA NOT NULL REFERENCES materials_file (sm3),
    made_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (root, n)
);
CREATE INDEX materials_link_file ON materials_link (sm3);
