-- 注销 (行政许可法 70): the licence of a case has ended; who recorded it and why stands in the ledger.
CREATE TABLE cases_licence_end (
    case_id BIGINT PRIMARY KEY REFERENCES cases_case (id),
    at BIGINT NOT NULL
);
INSERT INTO cases_licence_end (case_id, at) SELECT root, MIN(at) FROM ledger WHERE kind = 'case.licence_ended' GROUP BY root;
