-- The search index: derived from the catalogue, one file per node, rebuilt as a whole, only ever SQLite.

-- Which public version the index was made from.
CREATE TABLE search_state (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);

-- Characters: the simplified form, and how they are read (pinyin without tones; `other` is a second reading).
CREATE TABLE search_rune (
    rune BIGINT PRIMARY KEY,
    plain BIGINT NOT NULL,
    sound TEXT NOT NULL,
    other TEXT NOT NULL
);

-- Items as ranking and counting see them, in small rows: hundreds are read for every question. The id is the place in the
-- order that does not depend on the question: main items first, short names first. `grp` is the id of the first item with the
-- same main item. plain and main_plain are folded texts, alias holds the folded everyday words between line ends, sounds the
-- reading of each character of the name.
CREATE TABLE search_doc (
    id BIGINT PRIMARY KEY,
    grp BIGINT NOT NULL,
    flags BIGINT NOT NULL,
    body BIGINT NOT NULL,
    subjects BIGINT NOT NULL,
    plain TEXT NOT NULL,
    alias TEXT NOT NULL,
    main_plain TEXT NOT NULL,
    sounds TEXT NOT NULL
);
CREATE INDEX search_doc_plain ON search_doc (plain);

-- The same items as they are shown.
CREATE TABLE search_card (
    id BIGINT PRIMARY KEY,
    grp BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    main_name TEXT NOT NULL,
    situation TEXT NOT NULL,
    kind TEXT NOT NULL,
    promised_days BIGINT NOT NULL,
    promised_unit TEXT NOT NULL,
    fee BOOLEAN NOT NULL
);
CREATE INDEX search_card_code ON search_card (code);

-- Items as they come from the catalogue, while the order is not known yet; empty outside a rebuild.
CREATE TABLE search_load (
    code TEXT PRIMARY KEY,
    main TEXT NOT NULL,
    place BIGINT NOT NULL,
    runes BIGINT NOT NULL,
    plain TEXT NOT NULL,
    main_plain TEXT NOT NULL,
    alias TEXT NOT NULL,
    sounds TEXT NOT NULL,
    flags BIGINT NOT NULL,
    body BIGINT NOT NULL,
    subjects BIGINT NOT NULL,
    name TEXT NOT NULL,
    main_name TEXT NOT NULL,
    situation TEXT NOT NULL,
    kind TEXT NOT NULL,
    promised_days BIGINT NOT NULL,
    promised_unit TEXT NOT NULL,
    fee BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    readings TEXT NOT NULL,
    initials TEXT NOT NULL
);

-- Everyday words of items, folded: exact look-up.
CREATE TABLE search_alias (
    word TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (word, code)
);

-- Everyday words for official words.
CREATE TABLE search_near (
    word TEXT NOT NULL,
    official TEXT NOT NULL,
    PRIMARY KEY (word, official)
);

CREATE TABLE search_body (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

-- `id` is the bit in search_doc.subjects.
CREATE TABLE search_subject (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

-- No content: rows are those of search_doc. prefix = '1' is for queries of one character.
CREATE VIRTUAL TABLE search_text USING fts5 (title, alias, content, content = '', columnsize = 0, prefix = '1', tokenize = 'cjkbigram');

-- Readings and initials from every character on, as single words: queries are prefixes.
CREATE VIRTUAL TABLE search_reading USING fts5 (word, content = '', columnsize = 0, detail = none, prefix = '2 3 4 5 6', tokenize = 'cjkbigram');
CREATE VIRTUAL TABLE search_initial USING fts5 (word, content = '', columnsize = 0, detail = none, prefix = '2 3 4', tokenize = 'cjkbigram');
