-- Answers of writes that carried a token, so that a repeated or cut-off request does nothing twice. Kept for 7 days.
CREATE TABLE once (
    token TEXT NOT NULL,
    actor BIGINT NOT NULL,
    route TEXT NOT NULL,
    hash BYTEA NOT NULL,
    status BIGINT NOT NULL,
    location TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (token, actor, route)
);
CREATE INDEX once_at ON once (at);
