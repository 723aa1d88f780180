-- name: docs_file_insert
INSERT INTO docs_file (case_id, n, hash, size, entry, made_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: docs_file_get
SELECT case_id, n, hash, size, entry, made_at FROM docs_file WHERE case_id = $1 AND n = $2

-- name: docs_file_by_hash
SELECT case_id, n, hash, size, entry, made_at FROM docs_file WHERE hash = $1

-- name: docs_decision_insert
INSERT INTO docs_decision (case_id, number, item_code, item_name, body_name, holder, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (case_id) DO UPDATE SET number = $2, holder = $6, voided_at = NULL

-- name: docs_decision_void
UPDATE docs_decision SET voided_at = $2 WHERE case_id = $1 AND voided_at IS NULL

-- name: docs_decisions
SELECT d.case_id, d.number, d.item_code, d.item_name, d.body_name, d.holder, d.made_at, d.voided_at, e.ended_at
FROM docs_decision d LEFT JOIN cases_licence e ON e.case_id = d.case_id AND e.replaced_by IS NULL
WHERE (d.made_at, d.case_id) < ($1, $2) ORDER BY d.made_at DESC, d.case_id DESC LIMIT 51
