-- 送达: how, when, to whom each document was served, and what proves it. due -> sent (posted) -> served.
CREATE TABLE cases_service (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    document BIGINT NOT NULL,
    body BIGINT NOT NULL REFERENCES org_body (id),
    way TEXT NOT NULL,
    state TEXT NOT NULL,
    receiver TEXT NOT NULL,
    proof TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    sent_on BIGINT,
    served_on BIGINT,
    phoned_at BIGINT,
    staff BIGINT REFERENCES org_staff (id),
    PRIMARY KEY (case_id, document)
);
CREATE INDEX cases_service_due ON cases_service (body, state, made_at, case_id);

-- Consent to electronic service, given and withdrawn; the newest row counts.
CREATE TABLE cases_consent (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    given BOOLEAN NOT NULL,
    staff BIGINT REFERENCES org_staff (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, n)
);

-- 利害关系人 (行政许可法 36): told, heard until a day; contact is sealed.
CREATE TABLE cases_party (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    contact BYTEA NOT NULL,
    interest TEXT NOT NULL,
    document BIGINT,
    told_on BIGINT,
    answer_until BIGINT,
    answered_on BIGINT,
    answer TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);
