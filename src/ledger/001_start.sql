-- The ledger. Rows of `ledger` never change; nothing but the verifier protects them, on purpose: whoever can change the
-- database can drop constraints too, so what counts is that every change is found. Hence no foreign keys either.

-- What happened. `hash` covers all other columns (README.md has the encoding). `body` is canonical JSON without personal
-- data. `at` is when it was recorded, `effective_at` when it took effect; both ms since 1970 UTC.
CREATE TABLE ledger (
    id BIGINT PRIMARY KEY,
    root BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor BIGINT NOT NULL,
    post BIGINT NOT NULL,
    body_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    effective_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    detail_hash BYTEA,
    hash BYTEA NOT NULL
);
CREATE INDEX ledger_root ON ledger (root, id);

-- Text that may have to be erased, with the salt of its commitment SM3(salt, text) in ledger.detail_hash. Erasing deletes the row.
CREATE TABLE ledger_detail (
    entry BIGINT PRIMARY KEY,
    salt BYTEA NOT NULL,
    detail TEXT NOT NULL
);

-- Entries the sequencer has not placed yet. Exact whatever the order of commits is; ids alone could not tell.
CREATE TABLE ledger_waiting (
    entry BIGINT PRIMARY KEY
);

-- The order. chain = SM3(chain before, entry hash); leaf = SM3(0x00, entry hash).
CREATE TABLE ledger_seq (
    seq BIGINT PRIMARY KEY,
    entry BIGINT NOT NULL UNIQUE,
    chain BYTEA NOT NULL,
    leaf BYTEA NOT NULL
);

-- Complete subtrees above the leaves: the one of 2^level leaves that ends with leaf `seq`. SM3(0x01, left, right).
CREATE TABLE ledger_node (
    seq BIGINT NOT NULL,
    level BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (seq, level)
);

-- Keys that have signed, SubjectPublicKeyInfo in DER; id = first 8 bytes of their SM3 in hex.
CREATE TABLE ledger_key (
    id TEXT PRIMARY KEY,
    public_key BYTEA NOT NULL,
    since BIGINT NOT NULL
);

-- Signed states of the tree, at most one for a size.
CREATE TABLE ledger_head (
    size BIGINT PRIMARY KEY,
    root BYTEA NOT NULL,
    chain BYTEA NOT NULL,
    at BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    signature BYTEA NOT NULL
);

-- How far each reader has read.
CREATE TABLE ledger_cursor (
    reader TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- One row to lock, so that two sequencers cannot run at once.
CREATE TABLE ledger_lock (
    id BIGINT PRIMARY KEY
);
INSERT INTO ledger_lock (id) VALUES (1);
