-- A code (开通码) that a window gave to somebody whose document it saw: with it he takes his number over online. Only its blind
-- index is kept; the last one given counts, once, until ends_at.
CREATE TABLE identity_activation (
    person BIGINT PRIMARY KEY REFERENCES identity_person (id),
    code BYTEA NOT NULL,
    made_by BIGINT NOT NULL REFERENCES org_staff (id),
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT
);
