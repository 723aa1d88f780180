-- name: holidays_version_now
SELECT version FROM holidays_version WHERE id = 1

-- name: holidays_version_next
UPDATE holidays_version SET version = version + 1 WHERE id = 1 RETURNING version

-- name: holidays_rows
SELECT division, day, working FROM holidays_day
WHERE ended_at IS NULL AND (division = '' OR division = $1 OR division = $2 OR division = $3) ORDER BY division, day LIMIT 5000

-- name: holidays_list
SELECT division, day, working, name, source, made_at FROM holidays_day WHERE ended_at IS NULL AND day >= $1 ORDER BY day, division LIMIT 400

-- name: holidays_changes
SELECT division, day, working, name, source, made_at FROM holidays_day
WHERE (version > $1 AND version <= $2) OR (ended_version > $1 AND ended_version <= $2) ORDER BY version LIMIT 20

-- name: holidays_find
SELECT COUNT(*) AS n FROM holidays_day WHERE division = $1 AND day = $2 AND ended_at IS NULL

-- name: holidays_insert
INSERT INTO holidays_day (version, division, day, working, name, source, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: holidays_end
UPDATE holidays_day SET ended_at = $3, ended_version = $4, end_reason = $5 WHERE division = $1 AND day = $2 AND ended_at IS NULL
