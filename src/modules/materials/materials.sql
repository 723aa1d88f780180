-- name: materials_file_insert
INSERT INTO materials_file (name, size, type, made_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE SET made_at = excluded.made_at

-- name: materials_file_there
SELECT COUNT(*) AS n FROM materials_file WHERE name = $1

-- name: materials_link_insert
INSERT INTO materials_link (root, n, slot, file, sealed, sealed_for, made_at, keep_until)
SELECT f.root, COALESCE((SELECT MAX(n) FROM materials_link WHERE root = f.root), 0) + 1, $2, f.name, $4, f.root, $5, $6
FROM (SELECT CAST($1 AS BIGINT) AS root, name FROM materials_file WHERE name = $3) AS f
WHERE NOT EXISTS (SELECT 1 FROM materials_link WHERE root = f.root AND slot = $2 AND file = f.name AND removed_at IS NULL)

-- name: materials_links
SELECT l.n, l.slot, l.sealed, l.sealed_for, l.made_at, l.handed_in_at, f.size, f.type
FROM materials_link l JOIN materials_file f ON f.name = l.file
WHERE l.root = $1 AND l.removed_at IS NULL ORDER BY l.n LIMIT 200

-- name: materials_link_get
SELECT l.n, l.file, l.sealed, l.sealed_for, l.handed_in_at, f.type FROM materials_link l JOIN materials_file f ON f.name = l.file
WHERE l.root = $1 AND l.n = $2 AND l.removed_at IS NULL

-- name: materials_link_count
SELECT COUNT(*) AS n FROM materials_link WHERE root = $1 AND removed_at IS NULL

-- name: materials_link_remove
UPDATE materials_link SET removed_at = $3 WHERE root = $1 AND n = $2 AND removed_at IS NULL AND handed_in_at IS NULL

-- name: materials_link_hand_in
UPDATE materials_link SET handed_in_at = $3 WHERE root = $1 AND slot = $2 AND removed_at IS NULL AND handed_in_at IS NULL

-- name: materials_link_move
UPDATE materials_link SET root = $2, handed_in_at = $3 WHERE root = $1 AND removed_at IS NULL

-- name: materials_link_forget
DELETE FROM materials_link WHERE root = $1

-- name: materials_link_lapse
UPDATE materials_link SET removed_at = $1 WHERE keep_until < $1 AND handed_in_at IS NULL AND removed_at IS NULL

-- name: materials_link_purge
DELETE FROM materials_link WHERE removed_at < $1

-- name: materials_file_loose
SELECT f.name FROM materials_file f
WHERE f.made_at < $1 AND NOT EXISTS (SELECT 1 FROM materials_link l WHERE l.file = f.name) ORDER BY f.name LIMIT 200

-- name: materials_file_lock
SELECT name FROM materials_file WHERE name = $1 FOR UPDATE

-- name: materials_file_delete
DELETE FROM materials_file WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM materials_link WHERE file = $1)

-- name: materials_upload_insert
INSERT INTO materials_upload (id, account, root, slot, sealed, length, made_at, expires_at, done_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: materials_upload_get
SELECT id, root, slot, sealed, length, expires_at, done_at FROM materials_upload
WHERE id = $1 AND account = $2 AND root = $3 AND expires_at > $4

-- name: materials_upload_load
SELECT COUNT(*) AS files, CAST(COALESCE(SUM(length), 0) AS BIGINT) AS bytes FROM materials_upload
WHERE account = $1 AND expires_at > $2 AND done_at IS NULL

-- name: materials_upload_waiting
SELECT COUNT(*) AS n FROM materials_upload WHERE root = $1 AND expires_at > $2 AND done_at IS NULL

-- name: materials_upload_go_on
UPDATE materials_upload SET expires_at = $2, done_at = $3 WHERE id = $1 AND done_at IS NULL

-- name: materials_upload_delete
DELETE FROM materials_upload WHERE id = $1

-- name: materials_upload_forget
DELETE FROM materials_upload WHERE root = $1

-- name: materials_upload_there
SELECT COUNT(*) AS n FROM materials_upload WHERE id = $1

-- name: materials_upload_expired
SELECT id FROM materials_upload WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT 200
