-- A natural person (GB 11643) or legal entity (GB 32100). The number is sealed; code_index finds it, code_mask is shown.
CREATE TABLE identity_person (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    code_kind TEXT NOT NULL,
    code_sealed BYTEA NOT NULL,
    code_index BYTEA NOT NULL,
    code_mask TEXT NOT NULL,
    phone_sealed BYTEA,
    proven_at BIGINT,
    proven_by BIGINT,
    made_at BIGINT NOT NULL
);
CREATE INDEX identity_person_code ON identity_person (code_index, id);

-- A sign-in. Citizens sign in with their number (login_index), staff with their login. An account ends when somebody else
-- proves at a window that the number is his.
CREATE TABLE identity_account (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    person BIGINT REFERENCES identity_person (id),
    staff BIGINT REFERENCES org_staff (id),
    login_index BYTEA NOT NULL,
    password TEXT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX identity_account_login ON identity_account (login_index) WHERE ended_at IS NULL;
CREATE INDEX identity_account_person ON identity_account (person, id);
CREATE INDEX identity_account_staff ON identity_account (staff, id);

-- Sessions; only the digest of the token is kept.
CREATE TABLE identity_session (
    token BYTEA PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES identity_account (id),
    n BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX identity_session_account ON identity_session (account, n);

-- What security administrators and auditors look at: sign-ins, refusals, changes of roles.
CREATE TABLE identity_event (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    account BIGINT,
    actor BIGINT,
    about TEXT NOT NULL,
    address TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX identity_event_at ON identity_event (at, id);
