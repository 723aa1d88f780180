-- Statements of jobs.

-- name: job_add
INSERT INTO job (id, kind, key, root, state, due_at, starts, fails, payload, made_at)
VALUES ($1, $2, $3, $4, 'due', $5, 0, 0, $6, $7) ON CONFLICT (kind, key) DO NOTHING

-- name: job_list_due
SELECT id, kind, key, root, state, due_at, starts, fails, payload, made_at FROM job
WHERE state IN ('due', 'taken') AND due_at <= $1 ORDER BY due_at, id LIMIT 20

-- name: job_list_parked
SELECT id, kind, key, root, state, due_at, starts, fails, payload, made_at FROM job
WHERE state = 'parked' ORDER BY due_at, id LIMIT 200

-- The row must still be as it was listed.
-- name: job_take
UPDATE job SET state = 'taken', starts = starts + 1, due_at = $4
WHERE id = $1 AND state = $2 AND starts = $3 AND due_at = $5

-- name: job_put_back
UPDATE job SET state = $3, due_at = $4, starts = $5, fails = $6 WHERE id = $1 AND state = 'taken' AND starts = $2

-- name: job_postpone
UPDATE job SET due_at = $3 WHERE id = $1 AND state = $2

-- name: job_park
UPDATE job SET state = 'parked', due_at = $4 WHERE id = $1 AND state = $2 AND starts = $3

-- name: job_end
DELETE FROM job WHERE id = $1 AND state = 'taken' AND starts = $2

-- name: job_end_keyed
UPDATE job SET state = 'done', due_at = $3 WHERE id = $1 AND state = 'taken' AND starts = $2

-- name: job_retry
UPDATE job SET state = 'due', due_at = $2, starts = 0, fails = 0 WHERE id = $1 AND state = 'parked'

-- name: job_recover
UPDATE job SET due_at = $1 WHERE state = 'taken' AND due_at > $1

-- name: job_prune
DELETE FROM job WHERE state = 'done' AND due_at < $1
