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

-- name: ledger_lock
SELECT id FROM ledger_lock WHERE id = $1 FOR UPDATE

-- name: ledger_waiting_list
SELECT w.entry, e.hash FROM ledger_waiting w JOIN ledger e ON e.id = w.entry ORDER BY w.entry LIMIT $1

-- name: ledger_waiting_any
SELECT count(*) FROM (SELECT entry FROM ledger_waiting LIMIT 1) AS w

-- name: ledger_waiting_count
SELECT count(*) FROM ledger_waiting

-- name: ledger_waiting_end
DELETE FROM ledger_waiting WHERE entry IN (SELECT entry FROM ledger_seq WHERE seq > $1)

-- name: ledger_seq_add
INSERT INTO ledger_seq (seq, entry, chain, leaf) VALUES ($1, $2, $3, $4)

-- name: ledger_seq_last
SELECT seq, entry, chain, leaf FROM ledger_seq ORDER BY seq DESC LIMIT 1

-- name: ledger_seq_get
SELECT seq, entry, chain, leaf FROM ledger_seq WHERE seq = $1

-- name: ledger_node_add
INSERT INTO ledger_node (seq, level, hash) VALUES ($1, $2, $3)

-- name: ledger_node_get
SELECT seq, level, hash FROM ledger_node WHERE seq = $1 AND level = $2

-- name: ledger_key_add
INSERT INTO ledger_key (id, public_key, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING

-- name: ledger_key_get
SELECT id, public_key, since FROM ledger_key WHERE id = $1

-- name: ledger_head_add
INSERT INTO ledger_head (size, root, chain, at, key_id, signature) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (size) DO NOTHING

-- name: ledger_head_last
SELECT size, root, chain, at, key_id, signature FROM ledger_head ORDER BY size DESC LIMIT 1

-- name: ledger_head_list
SELECT size, root, chain, at, key_id, signature FROM ledger_head WHERE size > $1 ORDER BY size LIMIT 500

-- For the verifier: places with what they point at.
-- name: ledger_check_list
SELECT s.seq, s.entry, s.chain, s.leaf, e.id, e.root, e.kind, e.actor, e.post, e.body_id, e.at, e.effective_at, e.body,
       e.detail_hash, e.hash, d.salt, d.detail
FROM ledger_seq s LEFT JOIN ledger e ON e.id = s.entry LEFT JOIN ledger_detail d ON d.entry = s.entry
WHERE s.seq > $1 ORDER BY s.seq LIMIT 500

-- Subtrees that end within the places just read.
-- name: ledger_check_nodes
SELECT seq, level, hash FROM ledger_node WHERE seq > $1 AND seq <= $2 ORDER BY seq, level LIMIT 20000

-- name: ledger_check_nodes_beyond
SELECT count(*) FROM ledger_node WHERE seq > $1

-- Entries that wait, with a place they should not have yet.
-- name: ledger_check_waiting
SELECT COALESCE(s.seq, 0) AS seq, w.entry, s.chain, s.leaf, e.id, e.root, e.kind, e.actor, e.post, e.body_id, e.at,
       e.effective_at, e.body, e.detail_hash, e.hash, d.salt, d.detail
FROM ledger_waiting w LEFT JOIN ledger e ON e.id = w.entry LEFT JOIN ledger_seq s ON s.entry = w.entry
     LEFT JOIN ledger_detail d ON d.entry = w.entry
WHERE w.entry > $1 ORDER BY w.entry LIMIT 500

-- name: ledger_check_unplaced
SELECT e.id AS entry FROM ledger e
WHERE NOT EXISTS (SELECT s.seq FROM ledger_seq s WHERE s.entry = e.id AND s.seq > 0)
  AND NOT EXISTS (SELECT w.entry FROM ledger_waiting w WHERE w.entry = e.id)
ORDER BY e.id LIMIT 201

-- name: ledger_check_details
SELECT d.entry FROM ledger_detail d WHERE NOT EXISTS (SELECT e.id FROM ledger e WHERE e.id = d.entry)
ORDER BY d.entry LIMIT 201

-- name: ledger_check_erasure
SELECT count(*) FROM (SELECT id FROM ledger WHERE root = $1 AND id > $2 AND kind = 'ledger.detail_erased' AND body = $3 LIMIT 1) AS e
