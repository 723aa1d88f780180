-- Subjects (服务主题): nine fields of firms, five of residents.
CREATE TABLE catalog_subject (
    code TEXT PRIMARY KEY,
    face TEXT NOT NULL,
    name TEXT NOT NULL,
    pos BIGINT NOT NULL
);

-- An item (实施事项). Its code never changes and is never reused. `version` is the published version, 0 = none yet.
CREATE TABLE catalog_item (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    body BIGINT NOT NULL REFERENCES org_body (id),
    main_code TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX catalog_item_body ON catalog_item (body, id);
CREATE INDEX catalog_item_main ON catalog_item (main_code, code);

-- What applicants are told and cases follow. Published versions never change.
CREATE TABLE catalog_version (
    item BIGINT NOT NULL REFERENCES catalog_item (id),
    version BIGINT NOT NULL,
    basic_code TEXT NOT NULL,
    name TEXT NOT NULL,
    main_name TEXT NOT NULL,
    situation TEXT NOT NULL,
    type TEXT NOT NULL,
    regime TEXT NOT NULL,
    level BIGINT NOT NULL,
    objects TEXT NOT NULL,
    kind TEXT NOT NULL,
    check_days BIGINT NOT NULL,
    statutory_days BIGINT NOT NULL,
    statutory_unit TEXT NOT NULL,
    statutory_basis TEXT NOT NULL,
    promised_days BIGINT NOT NULL,
    promised_unit TEXT NOT NULL,
    fee BOOLEAN NOT NULL,
    fee_basis TEXT NOT NULL,
    fee_standard TEXT NOT NULL,
    result_name TEXT NOT NULL,
    result_kind TEXT NOT NULL,
    visits BIGINT NOT NULL,
    visit_reason TEXT NOT NULL,
    channels TEXT NOT NULL,
    conditions TEXT NOT NULL,
    basis TEXT NOT NULL,
    intro TEXT NOT NULL,
    sample TEXT NOT NULL,
    form TEXT NOT NULL,
    decider TEXT NOT NULL,
    source TEXT NOT NULL,
    source_code TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (item, version)
);

CREATE TABLE catalog_item_subject (
    subject TEXT NOT NULL REFERENCES catalog_subject (code),
    item BIGINT NOT NULL REFERENCES catalog_item (id),
    PRIMARY KEY (subject, item)
);
CREATE INDEX catalog_item_subject_item ON catalog_item_subject (item, subject);

CREATE TABLE catalog_material (
    item BIGINT NOT NULL,
    version BIGINT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    is_key BOOLEAN NOT NULL,
    may_commit BOOLEAN NOT NULL,
    issuer TEXT NOT NULL,
    basis TEXT NOT NULL,
    needed_when TEXT NOT NULL,
    note TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    PRIMARY KEY (item, version, n)
);

-- Everyday words (开饭店, 过户) by which people look for the item. They belong to the item, not to a version.
CREATE TABLE catalog_alias (
    item BIGINT NOT NULL REFERENCES catalog_item (id),
    n BIGINT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (item, n)
);

-- Everyday words for official words, for search.
CREATE TABLE catalog_near_word (
    word TEXT NOT NULL,
    official TEXT NOT NULL,
    PRIMARY KEY (word, official)
);
