-- Files lay in the clear under their SM3 before; no version of that was released, and such rows name nothing that may be kept.
DROP TABLE materials_link;
DROP TABLE materials_file;

-- A file that was kept: its sealed bytes lie in DIR/materials/ab/cd/<name> before the row is there. The name is a blind index of
-- the content, so that nobody without the key can tell which file it is; size and type are those of the content.
CREATE TABLE materials_file (
    name BYTEA PRIMARY KEY,
    size BIGINT NOT NULL,
    type TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

-- Which files belong to what (a draft, a case): `slot` says what for, e.g. the number of the material. `sealed` holds the SM3 of the
-- content, the salt of its commitment and the file name, sealed for the root `sealed_for`. handed_in_at: with which act it became
-- part of the case; a file that was never handed in is the applicant's own and shown to nobody else, and goes at keep_until.
CREATE TABLE materials_link (
    root BIGINT NOT NULL,
    n BIGINT NOT NULL,
    slot TEXT NOT NULL,
    file BYTEA NOT NULL REFERENCES materials_file (name),
    sealed BYTEA NOT NULL,
    sealed_for BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    handed_in_at BIGINT,
    keep_until BIGINT,
    removed_at BIGINT,
    PRIMARY KEY (root, n)
);
CREATE INDEX materials_link_file ON materials_link (file);
CREATE INDEX materials_link_removed ON materials_link (removed_at);
CREATE INDEX materials_link_until ON materials_link (keep_until);
