-- name: materials_file_insert
INSERT INTO materials_file (sm3, size, type, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (sm3) DO NOTHING

-- name: materials_link_insert
INSERT INTO materials_link (root, n, slot, filename, sm3, made_at)
SELECT f.root, COALESCE((SELECT MAX(n) FROM materials_link WHERE root = f.root), 0) + 1, $2, $3, f.sm3, $5
FROM (SELECT CAST($1 AS BIGINT) AS root, sm3 FROM materials_file WHERE sm3 = $4) AS f
WHERE NOT EXISTS (SELECT 1 FROM materials_link WHERE root = f.root AND slot = $2 AND sm3 = f.sm3 AND removed_at IS NULL)

-- name: materials_links
SELECT l.n, l.slot, l.filename, l.made_at, f.size, f.type FROM materials_link l JOIN materials_file f ON f.sm3 = l.sm3
WHERE l.root = $1 AND l.removed_at IS NULL ORDER BY l.n LIMIT 200

-- name: materials_link_get
SELECT l.filename, l.sm3, f.type, f.size FROM materials_link l JOIN materials_file f ON f.sm3 = l.sm3
WHERE l.root = $1 AND l.n = $2 AND l.removed_at IS NULL

-- name: materials_link_count
SELECT COUNT(*) AS n FROM materials_link WHERE root = $1 AND removed_at IS NULL

-- name: materials_link_remove
UPDATE materials_link SET removed_at = $3 WHERE root = $1 AND n = $2 AND removed_at IS NULL

-- name: materials_link_move
UPDATE materials_link SET root = $2 WHERE root = $1 AND removed_at IS NULL
