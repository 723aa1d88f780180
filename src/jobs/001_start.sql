-- Work to be done later: written by the unit that causes it. state: due, taken (due_at is then the end of the lease), done
-- (only jobs with a key, so that adding them again does nothing), parked (waits for a person).
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT,
    root BIGINT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    starts BIGINT NOT NULL,
    fails BIGINT NOT NULL,
    payload TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (state, due_at, id);
CREATE UNIQUE INDEX job_key ON job (kind, key);
