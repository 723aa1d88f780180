-- Statements of the ledger.

-- name: ledger_add
INSERT INTO ledger (id, root, kind, actor, post, body_id, at, effective_at, body, detail_hash, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: ledger_waiting_add
INSERT INTO ledger_waiting (entry) VALUES ($1)

-- name: ledger_detail_add
INSERT INTO ledger_detail (entry, salt, detail) VALUES ($1, $2, $3)

-- name: ledger_detail_get
SELECT entry, salt, detail FROM ledger_detail WHERE entry = $1

-- name: ledger_detail_end
DELETE FROM ledger_detail WHERE entry = $1

-- name: ledger_get
SELECT COALESCE(s.seq, 0) AS seq, e.id, e.root, e.kind, e.actor, e.post, e.body_id, e.at, e.effective_at, e.body,
       e.detail_hash, e.hash
FROM ledger e LEFT JOIN ledger_seq s ON s.entry = e.id WHERE e.id = $1

-- name: ledger_list_root
SELECT COALESCE(s.seq, 0) AS seq, e.id, e.root, e.kind, e.actor, e.post, e.body_id, e.at, e.effective_at, e.body,
       e.detail_hash, e.hash
FROM ledger e LEFT JOIN ledger_seq s ON s.entry = e.id WHERE e.root = $1 AND e.id > $2 ORDER BY e.id LIMIT 200

-- name: ledger_list_seq
SELECT s.seq, e.id, e.root, e.kind, e.actor, e.post, e.body_id, e.at, e.effective_at, e.body, e.detail_hash, e.hash
FROM ledger_seq s JOIN ledger e ON e.id = s.entry WHERE s.seq > $1 ORDER BY s.seq LIMIT $2

-- name: ledger_cursor_get
SELECT seq FROM ledger_cursor WHERE reader = $1

-- name: ledger_cursor_set
INSERT INTO ledger_cursor (reader, seq, at) VALUES ($1, $2, $3)
ON CONFLICT (reader) DO UPDATE SET seq = EXCLUDED.seq, at = EXCLUDED.at
