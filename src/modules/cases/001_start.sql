-- What somebody is filling in; kept as typed, sealed. case_id is set when it was submitted: submitting again answers the same.
CREATE TABLE cases_draft (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES identity_account (id),
    item BIGINT NOT NULL REFERENCES catalog_item (id),
    item_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    answers BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    case_id BIGINT
);
CREATE INDEX cases_draft_account ON cases_draft (account, updated_at, id);

-- Case numbers of a division and day; 16 rows each, so that no row is hot (numbers may have gaps).
CREATE TABLE cases_counter (
    division TEXT NOT NULL,
    day BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (division, day, slot)
);

-- A case (办件). It stays on the version of the item it was received under. due_on and yellow_on are caches written by one
-- function from the ledger's events; `tongban check` recomputes them.
CREATE TABLE cases_case (
    id BIGINT PRIMARY KEY,
    no TEXT NOT NULL UNIQUE,
    query_code TEXT NOT NULL,
    item BIGINT NOT NULL REFERENCES catalog_item (id),
    item_code TEXT NOT NULL,
    item_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    body BIGINT NOT NULL REFERENCES org_body (id),
    holder BIGINT NOT NULL REFERENCES org_body (id),
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    applicant BIGINT NOT NULL REFERENCES identity_person (id),
    applicant_name TEXT NOT NULL,
    applicant_mask TEXT NOT NULL,
    account BIGINT REFERENCES identity_account (id),
    clerk BIGINT REFERENCES org_staff (id),
    accepted_by BIGINT,
    service_way TEXT NOT NULL,
    answers BYTEA NOT NULL,
    step BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    told_on BIGINT,
    deemed BOOLEAN NOT NULL,
    due_on BIGINT,
    yellow_on BIGINT,
    closed_at BIGINT
);
CREATE INDEX cases_case_account ON cases_case (account, id);
-- What silence or a missing supplement ends: read by the nightly job.
CREATE INDEX cases_case_due ON cases_case (state, due_on, id);
CREATE INDEX cases_case_applicant ON cases_case (applicant, id);

-- What waits for somebody: a queue is a body and a role.
CREATE TABLE cases_task (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    step BIGINT NOT NULL,
    name TEXT NOT NULL,
    body BIGINT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    claimed_by BIGINT,
    due_on BIGINT,
    yellow_on BIGINT,
    opened_at BIGINT NOT NULL,
    done_at BIGINT,
    result TEXT NOT NULL,
    opinion TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);
CREATE INDEX cases_task_queue ON cases_task (body, role, state, due_on, case_id);

-- Papers and files of a case against the material list of its version.
CREATE TABLE cases_material (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    given TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);

-- The points of the one correction notice: what was seen, what is needed. open -> supplied (by the applicant) -> met or open again.
CREATE TABLE cases_point (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);

-- What the office did that the law or its own rules do not bear: for supervision.
CREATE TABLE cases_finding (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body BIGINT NOT NULL,
    staff BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, n)
);

-- Bills: basis and standard are named; paid at the window, cancelled or refunded with a reason. Amounts in fen.
CREATE TABLE cases_bill (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    basis TEXT NOT NULL,
    standard TEXT NOT NULL,
    state TEXT NOT NULL,
    receipt TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    paid_at BIGINT,
    cashier BIGINT,
    PRIMARY KEY (case_id, n)
);

-- Site checks (行政许可法 34: at least two members of staff).
CREATE TABLE cases_site_check (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    first_staff BIGINT NOT NULL REFERENCES org_staff (id),
    second_staff BIGINT NOT NULL REFERENCES org_staff (id),
    place TEXT NOT NULL,
    findings TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, n)
);

-- On-the-spot corrections of the form (行政许可法 32(3)): offered by the window, confirmed by the applicant, with both values.
CREATE TABLE cases_amendment (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    field TEXT NOT NULL,
    old_value BYTEA NOT NULL,
    new_value BYTEA NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);

-- Hearings (行政许可法 46-48): told, requested within 5 working days, held within 20, notice 7 clear working days before.
CREATE TABLE cases_hearing (
    case_id BIGINT PRIMARY KEY REFERENCES cases_case (id),
    told_on BIGINT NOT NULL,
    request_until BIGINT NOT NULL,
    requested_on BIGINT,
    hold_by BIGINT,
    host BIGINT,
    held_on BIGINT,
    record TEXT NOT NULL
);

-- Legal documents: number, frozen values and their hash are the fact. Numbers have no gaps per body, kind and year.
CREATE TABLE cases_document (
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    fields TEXT NOT NULL,
    hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, n)
);
CREATE UNIQUE INDEX cases_document_number ON cases_document (number);

CREATE TABLE cases_document_counter (
    body BIGINT NOT NULL,
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (body, kind, year)
);

-- Messages to an account about a case.
CREATE TABLE cases_message (
    account BIGINT NOT NULL REFERENCES identity_account (id),
    n BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases_case (id),
    kind TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    read_at BIGINT,
    PRIMARY KEY (account, n)
);
