CREATE TABLE line (
    item BIGINT NOT NULL REFERENCES item (id),
    n    INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (item, n)
);
CREATE INDEX line_body ON line (body);
