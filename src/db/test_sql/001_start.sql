-- Tables of the tests of db.
CREATE TABLE item (
    id   BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    ok   BOOLEAN NOT NULL DEFAULT false,
    day  INTEGER,
    at   BIGINT,
    fen  BIGINT,
    note TEXT,
    raw  BYTEA
);
