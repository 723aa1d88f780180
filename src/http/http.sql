-- name: once_find
SELECT hash, status, location FROM once WHERE token = $1 AND actor = $2 AND route = $3

-- name: once_insert
INSERT INTO once (token, actor, route, hash, status, location, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (token, actor, route) DO NOTHING

-- name: once_purge
DELETE FROM once WHERE at < $1
