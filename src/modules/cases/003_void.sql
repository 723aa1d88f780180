-- A void document keeps its number; successor is the n of the document of this case that replaces it.
ALTER TABLE cases_document ADD COLUMN voided_at BIGINT;
ALTER TABLE cases_document ADD COLUMN successor BIGINT;

-- 作废: a wrongly issued document, or with document 0 the wrong entry of a case; asked for by one person, settled by another.
CREATE TABLE cases_void (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    document BIGINT NOT NULL,
    reason TEXT NOT NULL,
    reissue BOOLEAN NOT NULL,
    reasons TEXT NOT NULL,
    basis TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES org_staff (id),
    asked_at BIGINT NOT NULL,
    settled_by BIGINT REFERENCES org_staff (id),
    settled_at BIGINT,
    PRIMARY KEY (case_id, n)
);
