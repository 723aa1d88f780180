-- 归档: the closed file of a case with its frozen catalogue (JSON) and the hash of it; `ended` is the state before.
CREATE TABLE cases_archive (
    case_id BIGINT PRIMARY KEY REFERENCES cases_case (id),
    number TEXT NOT NULL UNIQUE,
    retention TEXT NOT NULL,
    ended TEXT NOT NULL,
    catalogue TEXT NOT NULL,
    hash BYTEA NOT NULL,
    staff BIGINT NOT NULL REFERENCES org_staff (id),
    made_at BIGINT NOT NULL
);
