-- What a grant has given: its number is that of the decision that is not void. valid_until: none = without end. ended_on: replaced,
-- given up, or recorded as ended (注销).
CREATE TABLE cases_licence (
    case_id BIGINT PRIMARY KEY REFERENCES cases_case (id),
    item_code TEXT NOT NULL,
    person BIGINT NOT NULL,
    account BIGINT,
    valid_until BIGINT,
    ended_on BIGINT
);
CREATE INDEX cases_licence_person ON cases_licence (person, item_code, case_id);
CREATE INDEX cases_licence_account ON cases_licence (account, item_code, case_id);
INSERT INTO cases_licence (case_id, item_code, person, account)
SELECT c.id, c.item_code, c.applicant, c.account FROM cases_case c
WHERE EXISTS (SELECT 1 FROM cases_document d WHERE d.case_id = c.id AND d.kind = 'grant' AND d.voided_at IS NULL);
