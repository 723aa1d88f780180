-- The sealed file of a document, kept as DIR/files/ab/cd/HASH. entry is the ledger entry that says so.
CREATE TABLE docs_file (
    case_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    size BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, n)
);
CREATE UNIQUE INDEX docs_file_hash ON docs_file (hash);

-- Licence decisions as anybody may read them (行政许可法 40): names of natural persons are masked before they come here.
CREATE TABLE docs_decision (
    case_id BIGINT PRIMARY KEY,
    number TEXT NOT NULL,
    item_code TEXT NOT NULL,
    item_name TEXT NOT NULL,
    body_name TEXT NOT NULL,
    holder TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX docs_decision_newest ON docs_decision (made_at, case_id);
