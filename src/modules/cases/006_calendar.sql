-- How far the dates of open cases follow the calendar: `version` is done; towards `target` the cases up to id `after` are.
CREATE TABLE cases_calendar (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    target BIGINT NOT NULL,
    after BIGINT NOT NULL
);
INSERT INTO cases_calendar (id, version, target, after) VALUES (1, 0, 0, 0);
CREATE INDEX cases_case_open ON cases_case (closed_at, id);
