-- name: cases_draft_insert
INSERT INTO cases_draft (id, account, item, item_code, version, answers, made_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)

-- name: cases_draft_get
SELECT id, item, item_code, version, answers, updated_at, case_id FROM cases_draft WHERE id = $1 AND account = $2

-- name: cases_draft_lock
SELECT id FROM cases_draft WHERE id = $1 FOR UPDATE

-- name: cases_draft_set
UPDATE cases_draft SET answers = $3, updated_at = $4 WHERE id = $1 AND account = $2 AND case_id IS NULL

-- name: cases_draft_touch
UPDATE cases_draft SET updated_at = $2 WHERE id = $1 AND case_id IS NULL

-- name: cases_draft_submitted
UPDATE cases_draft SET case_id = $2 WHERE id = $1 AND case_id IS NULL

-- name: cases_draft_open
SELECT id FROM cases_draft WHERE account = $1 AND item_code = $2 AND case_id IS NULL ORDER BY updated_at DESC LIMIT 1

-- name: cases_drafts
SELECT d.id, d.item_code, v.name AS item_name, d.updated_at
FROM cases_draft d JOIN catalog_version v ON v.item = d.item AND v.version = d.version
WHERE d.account = $1 AND d.case_id IS NULL ORDER BY d.updated_at DESC LIMIT 20

-- name: cases_counter_next
INSERT INTO cases_counter (division, day, slot, last) VALUES ($1, $2, $3, 1)
ON CONFLICT (division, day, slot) DO UPDATE SET last = cases_counter.last + 1
RETURNING last

-- name: cases_insert
INSERT INTO cases_case (id, no, query_code, item, item_code, item_name, version, body, holder, channel, state, applicant, applicant_name,
    applicant_mask, account, clerk, service_way, answers, step, received_at, deemed, due_on, yellow_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, 'received', $10, $11, $12, $13, $14, $15, $16, -1, $17, false, $18, $19)

-- name: cases_lock
SELECT id FROM cases_case WHERE id = $1 FOR UPDATE

-- name: cases_by_id
SELECT id, no, query_code, item, item_code, item_name, version, body, holder, channel, state, applicant, applicant_name, applicant_mask,
    account, clerk, accepted_by, service_way, answers, step, received_at, told_on, deemed, due_on, yellow_on, closed_at
FROM cases_case WHERE id = $1

-- name: cases_of_account
SELECT id, no, query_code, item, item_code, item_name, version, body, holder, channel, state, applicant, applicant_name, applicant_mask,
    account, clerk, accepted_by, service_way, answers, step, received_at, told_on, deemed, due_on, yellow_on, closed_at
FROM cases_case WHERE no = $1 AND (account = $2 OR applicant = $3)

-- name: cases_of_staff
SELECT c.id, c.no, c.query_code, c.item, c.item_code, c.item_name, c.version, c.body, c.holder, c.channel, c.state, c.applicant,
    c.applicant_name, c.applicant_mask, c.account, c.clerk, c.accepted_by, c.service_way, c.answers, c.step, c.received_at, c.told_on, c.deemed,
    c.due_on, c.yellow_on, c.closed_at
FROM cases_case c
WHERE c.no = $1 AND (c.body = $2 OR c.holder = $2 OR c.clerk = $3
    OR EXISTS (SELECT 1 FROM org_window_body wb JOIN org_staff s ON s.window_no = wb.no WHERE s.id = $3 AND wb.body = c.body))

-- name: cases_by_query
SELECT id, no, query_code, item, item_code, item_name, version, body, holder, channel, state, applicant, applicant_name, applicant_mask,
    account, clerk, accepted_by, service_way, answers, step, received_at, told_on, deemed, due_on, yellow_on, closed_at
FROM cases_case WHERE no = $1 AND query_code = $2

-- name: cases_of_person
SELECT id, no, item_name, state, received_at, due_on, yellow_on FROM cases_case
WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT 51

-- name: cases_of_proven
SELECT id, no, item_name, state, received_at, due_on, yellow_on FROM cases_case
WHERE (account = $1 OR applicant = $2) AND id < $3 ORDER BY id DESC LIMIT 51

-- name: cases_set_state
UPDATE cases_case SET state = $3 WHERE id = $1 AND state = $2

-- name: cases_set_step
UPDATE cases_case SET step = $2 WHERE id = $1

-- name: cases_set_accepted_by
UPDATE cases_case SET accepted_by = $2 WHERE id = $1

-- name: cases_set_due
UPDATE cases_case SET due_on = $2, yellow_on = $3 WHERE id = $1

-- name: cases_set_closed
UPDATE cases_case SET closed_at = $2 WHERE id = $1

-- name: cases_task_insert
INSERT INTO cases_task (case_id, n, step, name, body, role, state, opened_at, result, opinion)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_task WHERE case_id = $1), $2, $3, $4, $5, 'open', $6, '', '')

-- name: cases_task_insert_first
INSERT INTO cases_task (case_id, n, step, name, body, role, state, opened_at, result, opinion, due_on, yellow_on)
VALUES ($1, 1, $2, $3, $4, $5, 'open', $6, '', '', $7, $8)

-- name: cases_task_due
UPDATE cases_task SET due_on = $2, yellow_on = $3 WHERE case_id = $1 AND state IN ('open', 'claimed')

-- name: cases_task_step
UPDATE cases_task SET step_on = $2 WHERE case_id = $1 AND state IN ('open', 'claimed')

-- name: cases_task_open
SELECT n, step, name, body, role, state, claimed_by, due_on, yellow_on, step_on FROM cases_task
WHERE case_id = $1 AND state IN ('open', 'claimed') ORDER BY n LIMIT 1

-- name: cases_task_claim
UPDATE cases_task SET state = 'claimed', claimed_by = $3 WHERE case_id = $1 AND n = $2 AND state = 'open'

-- name: cases_task_done
UPDATE cases_task SET state = 'done', done_at = $3, result = $4, opinion = $5, claimed_by = $6
WHERE case_id = $1 AND n = $2 AND state IN ('open', 'claimed')

-- name: cases_tasks
SELECT t.n, t.name, t.state, t.result, t.opinion, t.opened_at, t.done_at, s.name AS staff_name
FROM cases_task t LEFT JOIN org_staff s ON s.id = t.claimed_by WHERE t.case_id = $1 ORDER BY t.n LIMIT 50

-- name: cases_queue
SELECT c.no, c.item_name, c.applicant_name, c.channel, t.name AS step, t.state, t.due_on, t.yellow_on, t.step_on, s.name AS staff_name, c.received_at
FROM cases_task t JOIN cases_case c ON c.id = t.case_id LEFT JOIN org_staff s ON s.id = t.claimed_by
WHERE t.body = $1 AND t.role = $2 AND t.state = $3
ORDER BY t.due_on NULLS LAST, t.case_id LIMIT 51

-- name: cases_queue_count
SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM cases_task WHERE body = $1 AND role = $2 AND state IN ('open', 'claimed') LIMIT 1001) AS few

-- name: cases_material_insert
INSERT INTO cases_material (case_id, n, name, given) VALUES ($1, $2, $3, $4)

-- name: cases_materials
SELECT n, name, given FROM cases_material WHERE case_id = $1 ORDER BY n LIMIT 100

-- name: cases_document_next
INSERT INTO cases_document_counter (body, kind, year, last) VALUES ($1, $2, $3, 1)
ON CONFLICT (body, kind, year) DO UPDATE SET last = cases_document_counter.last + 1
RETURNING last

-- name: cases_document_insert
INSERT INTO cases_document (case_id, n, kind, number, fields, hash, made_at)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_document WHERE case_id = $1), $2, $3, $4, $5, $6)

-- name: cases_documents
SELECT n, kind, number, made_at, sealed_at, voided_at, successor FROM cases_document WHERE case_id = $1 ORDER BY n LIMIT 100

-- name: cases_document_get
SELECT case_id, n, kind, number, fields, made_at, sealed_at, hash, voided_at, successor FROM cases_document WHERE case_id = $1 AND n = $2

-- name: cases_document_set_sealed
UPDATE cases_document SET sealed_at = $3 WHERE case_id = $1 AND n = $2 AND sealed_at IS NULL

-- name: cases_document_by_number
SELECT case_id, n, kind, number, fields, made_at, sealed_at, hash, voided_at, successor FROM cases_document WHERE number = $1

-- name: cases_message_insert
INSERT INTO cases_message (account, n, case_id, kind, made_at)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_message WHERE account = $1), $2, $3, $4)

-- name: cases_messages
SELECT m.n, m.kind, m.made_at, m.read_at, c.no, c.item_name
FROM cases_message m JOIN cases_case c ON c.id = m.case_id WHERE m.account = $1 ORDER BY m.n DESC LIMIT 100

-- name: cases_message_unread
SELECT COUNT(*) AS n FROM cases_message WHERE account = $1 AND read_at IS NULL

-- name: cases_message_read_all
UPDATE cases_message SET read_at = $2 WHERE account = $1 AND read_at IS NULL

-- name: cases_set_told
UPDATE cases_case SET told_on = $2 WHERE id = $1 AND told_on IS NULL

-- name: cases_set_deemed
UPDATE cases_case SET deemed = true WHERE id = $1

-- name: cases_overdue
SELECT id FROM cases_case WHERE state = $1 AND due_on < $2 ORDER BY due_on NULLS LAST, id LIMIT 100

-- name: cases_point_insert
INSERT INTO cases_point (case_id, n, name, reason, state, answer) VALUES ($1, $2, $3, $4, 'open', '')

-- name: cases_points
SELECT n, name, reason, state, answer FROM cases_point WHERE case_id = $1 ORDER BY n LIMIT 100

-- name: cases_point_supply
UPDATE cases_point SET state = 'supplied', answer = $3 WHERE case_id = $1 AND n = $2 AND state = 'open'

-- name: cases_point_reopen
UPDATE cases_point SET state = 'open', reason = $3 WHERE case_id = $1 AND n = $2 AND state = 'supplied'

-- name: cases_points_met
UPDATE cases_point SET state = 'met' WHERE case_id = $1 AND state = 'supplied'

-- name: cases_points_open
SELECT COUNT(*) AS n FROM cases_point WHERE case_id = $1 AND state = 'open'

-- name: cases_finding_insert
INSERT INTO cases_finding (case_id, n, kind, body, staff, at)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_finding WHERE case_id = $1), $2, $3, $4, $5)

-- name: cases_findings
SELECT n, kind, at FROM cases_finding WHERE case_id = $1 ORDER BY n LIMIT 50

-- name: cases_bill_insert
INSERT INTO cases_bill (case_id, n, amount, basis, standard, state, receipt, reason, made_at)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_bill WHERE case_id = $1), $2, $3, $4, 'due', '', '', $5)

-- name: cases_bills
SELECT n, amount, basis, standard, state, receipt, reason, made_at, paid_at FROM cases_bill WHERE case_id = $1 ORDER BY n LIMIT 20

-- name: cases_bill_due
SELECT COUNT(*) AS n FROM cases_bill WHERE case_id = $1 AND state = 'due'

-- name: cases_bill_pay
UPDATE cases_bill SET state = 'paid', receipt = $3, paid_at = $4, cashier = $5 WHERE case_id = $1 AND n = $2 AND state = 'due'

-- name: cases_bill_move
UPDATE cases_bill SET state = $4, reason = $5 WHERE case_id = $1 AND n = $2 AND state = $3

-- name: cases_site_check_insert
INSERT INTO cases_site_check (case_id, n, first_staff, second_staff, place, findings, at)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_site_check WHERE case_id = $1), $2, $3, $4, $5, $6)

-- name: cases_site_checks
SELECT c.n, c.place, c.findings, c.at, a.name AS first_name, b.name AS second_name
FROM cases_site_check c JOIN org_staff a ON a.id = c.first_staff JOIN org_staff b ON b.id = c.second_staff
WHERE c.case_id = $1 ORDER BY c.n LIMIT 20

-- name: cases_amendment_insert
INSERT INTO cases_amendment (case_id, n, field, old_value, new_value, state)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_amendment WHERE case_id = $1), $2, $3, $4, 'offered')

-- name: cases_amendment_offered
SELECT n, field, old_value, new_value FROM cases_amendment WHERE case_id = $1 AND state = 'offered' ORDER BY n LIMIT 1

-- name: cases_amendment_confirm
UPDATE cases_amendment SET state = 'confirmed' WHERE case_id = $1 AND n = $2 AND state = 'offered'

-- name: cases_set_answers
UPDATE cases_case SET answers = $2 WHERE id = $1

-- name: cases_draft_old
SELECT id FROM cases_draft WHERE case_id IS NULL AND updated_at < $1 ORDER BY id LIMIT 100

-- name: cases_draft_delete
DELETE FROM cases_draft WHERE id = $1 AND case_id IS NULL AND updated_at < $2

-- name: cases_set_holder
UPDATE cases_case SET holder = $2 WHERE id = $1 AND holder <> $2

-- name: cases_hearing_insert
INSERT INTO cases_hearing (case_id, told_on, request_until, record) VALUES ($1, $2, $3, '') ON CONFLICT (case_id) DO NOTHING

-- name: cases_hearing_get
SELECT told_on, request_until, requested_on, hold_by, host, held_on, record FROM cases_hearing WHERE case_id = $1

-- name: cases_hearing_request
UPDATE cases_hearing SET requested_on = $2, hold_by = $3 WHERE case_id = $1 AND requested_on IS NULL

-- name: cases_hearing_set
UPDATE cases_hearing SET host = $2, held_on = $3 WHERE case_id = $1 AND requested_on IS NOT NULL AND record = ''

-- name: cases_hearing_record
UPDATE cases_hearing SET record = $2 WHERE case_id = $1 AND host IS NOT NULL AND record = ''

-- name: cases_worked_on
SELECT COUNT(*) AS n FROM cases_task WHERE case_id = $1 AND claimed_by = $2

-- name: cases_void_insert
INSERT INTO cases_void (case_id, n, document, reason, reissue, reasons, basis, state, asked_by, asked_at)
SELECT $1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_void WHERE case_id = $1), $2, $3, $4, $5, $6, 'asked', $7, $8
WHERE NOT EXISTS (SELECT 1 FROM cases_void WHERE case_id = $1 AND document = $2 AND state = 'asked')

-- name: cases_voids
SELECT v.n, v.document, v.reason, v.reissue, v.reasons, v.basis, v.state, v.asked_by, v.asked_at, s.name AS asked_name, d.number
FROM cases_void v JOIN org_staff s ON s.id = v.asked_by LEFT JOIN cases_document d ON d.case_id = v.case_id AND d.n = v.document
WHERE v.case_id = $1 ORDER BY v.n LIMIT 50

-- name: cases_void_settle
UPDATE cases_void SET state = $3, settled_by = $4, settled_at = $5 WHERE case_id = $1 AND n = $2 AND state = 'asked'

-- name: cases_document_void
UPDATE cases_document SET voided_at = $3, successor = $4 WHERE case_id = $1 AND n = $2 AND voided_at IS NULL

-- name: cases_documents_void
UPDATE cases_document SET voided_at = $2 WHERE case_id = $1 AND voided_at IS NULL

-- name: cases_document_last
SELECT COALESCE(MAX(n), 0) AS n FROM cases_document WHERE case_id = $1

-- name: cases_service_insert
INSERT INTO cases_service (case_id, document, body, way, state, receiver, proof, made_at, served_on, staff)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9)

-- name: cases_services
SELECT s.document, d.kind, d.number, s.way, s.state, s.receiver, s.proof, s.sent_on, s.served_on, s.phoned_at
FROM cases_service s JOIN cases_document d ON d.case_id = s.case_id AND d.n = s.document
WHERE s.case_id = $1 AND d.voided_at IS NULL ORDER BY s.document LIMIT 100

-- name: cases_service_sent
UPDATE cases_service SET state = 'sent', way = 'post', proof = $3, sent_on = $4, staff = $5
WHERE case_id = $1 AND document = $2 AND state IN ('due', 'sent')

-- name: cases_service_served
UPDATE cases_service SET state = 'served', way = $3, receiver = $4, proof = $5, served_on = $6, staff = $7
WHERE case_id = $1 AND document = $2 AND state IN ('due', 'sent')

-- name: cases_service_phoned
UPDATE cases_service SET phoned_at = $3, staff = $4 WHERE case_id = $1 AND document = $2 AND state IN ('due', 'sent')

-- name: cases_service_queue
SELECT c.no, c.item_name, s.receiver, d.kind, d.number, s.document, s.way, s.state, s.proof, s.made_at, s.sent_on, s.phoned_at, c.account
FROM cases_service s JOIN cases_case c ON c.id = s.case_id JOIN cases_document d ON d.case_id = s.case_id AND d.n = s.document
WHERE s.state = $2 AND d.voided_at IS NULL AND (s.body = $1
    OR EXISTS (SELECT 1 FROM org_window_body wb JOIN org_staff st ON st.window_no = wb.no WHERE st.id = $3 AND wb.body = s.body))
ORDER BY s.made_at, s.case_id, s.document LIMIT 101

-- name: cases_consent_insert
INSERT INTO cases_consent (case_id, n, given, staff, at)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_consent WHERE case_id = $1), $2, $3, $4)

-- name: cases_consent_now
SELECT CASE WHEN given THEN 1 ELSE 0 END AS yes FROM cases_consent WHERE case_id = $1 ORDER BY n DESC LIMIT 1

-- name: cases_hearing_until
UPDATE cases_hearing SET request_until = $2 WHERE case_id = $1 AND requested_on IS NULL AND request_until < $2

-- name: cases_party_insert
INSERT INTO cases_party (case_id, n, name, contact, interest, answer)
VALUES ($1, (SELECT COALESCE(MAX(n), 0) + 1 FROM cases_party WHERE case_id = $1), $2, $3, $4, '')

-- name: cases_parties
SELECT n, name, contact, interest, document, told_on, answer_until, answered_on, answer FROM cases_party WHERE case_id = $1 ORDER BY n LIMIT 50

-- name: cases_party_tell
UPDATE cases_party SET told_on = $3, answer_until = $4, document = $5 WHERE case_id = $1 AND n = $2 AND told_on IS NULL

-- name: cases_party_told_again
UPDATE cases_party SET answer_until = $3, document = $4 WHERE case_id = $1 AND n = $2 AND told_on IS NOT NULL

-- name: cases_party_answer
UPDATE cases_party SET answered_on = $3, answer = $4 WHERE case_id = $1 AND n = $2 AND told_on IS NOT NULL AND answered_on IS NULL

-- name: cases_archive_insert
INSERT INTO cases_archive (case_id, number, retention, ended, catalogue, hash, staff, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: cases_archive_get
SELECT number, retention, ended, catalogue, hash, made_at FROM cases_archive WHERE case_id = $1

-- name: cases_licence_end_insert
INSERT INTO cases_licence_end (case_id, at) VALUES ($1, $2) ON CONFLICT (case_id) DO NOTHING

-- name: cases_licence_end_at
SELECT at FROM cases_licence_end WHERE case_id = $1

-- name: cases_document_stands
SELECT COUNT(*) AS n FROM cases_document WHERE case_id = $1 AND kind = $2 AND voided_at IS NULL

-- name: cases_calendar_get
SELECT version, target, after FROM cases_calendar WHERE id = 1

-- name: cases_calendar_set
UPDATE cases_calendar SET version = $1, target = $2, after = $3 WHERE id = 1

-- name: cases_open_after
SELECT id FROM cases_case WHERE closed_at IS NULL AND id > $1 ORDER BY id LIMIT 100

-- name: cases_licence_insert
INSERT INTO cases_licence (case_id, item_code, person, account, valid_until) VALUES ($1, $2, $3, $4, $5)

-- name: cases_licence_get
SELECT l.case_id, c.no, '' AS number, c.received_at AS made_at, l.valid_until
FROM cases_licence l JOIN cases_case c ON c.id = l.case_id WHERE l.case_id = $1

-- name: cases_licences
SELECT l.case_id, c.no, d.number, d.made_at, l.valid_until
FROM cases_licence l JOIN cases_case c ON c.id = l.case_id
    JOIN cases_document d ON d.case_id = l.case_id AND d.kind = 'grant' AND d.voided_at IS NULL
WHERE (l.account = $1 OR l.person = $2) AND l.item_code = $3 AND l.ended_on IS NULL AND c.state <> 'voided'
ORDER BY l.case_id DESC LIMIT 20

-- name: cases_licence_end
UPDATE cases_licence SET ended_on = $2 WHERE case_id = $1 AND ended_on IS NULL
