-- name: forms_newest
SELECT version, base, hash FROM forms_version WHERE code = $1 ORDER BY version DESC LIMIT 1

-- name: forms_insert
INSERT INTO forms_version (code, version, base, schema, hash, published_at) VALUES ($1, $2, $3, $4, $5, $6)

-- name: forms_head
SELECT version, base, hash FROM forms_version WHERE code = $1 AND version = $2

-- name: forms_schema
SELECT schema FROM forms_version WHERE code = $1 AND version = $2
