-- Which schema steps this database has.

-- name: schema_step_exists @sqlite
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_step'

-- name: schema_step_exists @postgres
SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_step')

-- name: schema_step_table
CREATE TABLE IF NOT EXISTS schema_step (
    module     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (module, name)
)

-- name: schema_step_list
SELECT module, name, hash FROM schema_step ORDER BY module, name LIMIT 10000

-- name: schema_step_add
INSERT INTO schema_step (module, name, hash, applied_at) VALUES ($1, $2, $3, $4)
