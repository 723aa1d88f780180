-- A form as published: the schema of a file, and the version of the standard form it stands on (0: it is the standard form itself).
-- Versions never change. hash: SM3 of what the form is made from.
CREATE TABLE forms_version (
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    base BIGINT NOT NULL,
    schema TEXT NOT NULL,
    hash BYTEA NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (code, version)
);
