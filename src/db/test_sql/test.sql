-- Statements of the tests of db.

-- name: item_add
INSERT INTO item (id, name, ok, day, at, fen, note, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: item_add_plain
INSERT INTO item (id, name, ok) VALUES ($1, $2, true)

-- name: item_add_once
INSERT INTO item (id, name, ok) VALUES ($1, $2, true) ON CONFLICT (id) DO NOTHING

-- name: item_get
SELECT id, name, ok, day, at, fen, note, raw FROM item WHERE id = $1

-- name: item_lock
SELECT id FROM item WHERE id = $1 FOR UPDATE

-- name: item_list
SELECT id, name, ok, day, at, fen, note, raw FROM item WHERE ok = true ORDER BY id LIMIT 1000

-- name: item_rename
UPDATE item SET name = $2 WHERE id = $1

-- name: item_rename_returning
UPDATE item SET name = $2 WHERE id = $1 RETURNING id

-- name: item_count
SELECT count(*) FROM item

-- name: item_fen
SELECT fen FROM item WHERE id = $1

-- name: item_fen_sum
SELECT CAST(sum(fen) AS BIGINT) FROM item

-- name: item_ids
SELECT id FROM item ORDER BY id LIMIT 20000

-- name: line_add
INSERT INTO line (item, n, body) VALUES ($1, $2, $3)

-- name: wrong_table
SELECT a FROM there_is_none

-- name: only_sqlite @sqlite
SELECT 1

-- name: only_postgres @postgres
SELECT 1

-- name: item_sum_numeric
SELECT sum(fen) FROM item
