-- Days that are not what their weekday says, beside the built-in notices: division '' is national (a newly published notice), else a
-- local holiday of the division of this code. Rows are ended, not deleted; `version` counts every change.
CREATE TABLE holidays_day (
    version BIGINT PRIMARY KEY,
    division TEXT NOT NULL,
    day BIGINT NOT NULL,
    working BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_version BIGINT,
    end_reason TEXT
);
CREATE INDEX holidays_day_open ON holidays_day (division, day);

CREATE TABLE holidays_version (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO holidays_version (id, version) VALUES (1, 0);
