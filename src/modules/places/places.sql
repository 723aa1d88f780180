-- name: places_zone_insert
INSERT INTO places_zone (item_code, n, name, ceiling, taken_before, sample, changes) VALUES ($1, $2, $3, $4, $5, $6, 0)
ON CONFLICT (item_code, n) DO NOTHING

-- name: places_zone_lock
UPDATE places_zone SET changes = changes + 1 WHERE item_code = $1 AND n = $2

-- name: places_zones
SELECT z.n, z.name, z.ceiling, z.taken_before, z.sample,
    (SELECT COUNT(*) FROM places_place p WHERE p.item_code = z.item_code AND p.zone = z.n AND p.state = 'taken') AS taken,
    (SELECT COUNT(*) FROM places_place p WHERE p.item_code = z.item_code AND p.zone = z.n AND p.state = 'reserved') AS reserved,
    (SELECT COUNT(*) FROM places_place p WHERE p.item_code = z.item_code AND p.zone = z.n AND p.state = 'waiting') AS waiting
FROM places_zone z WHERE z.item_code = $1 ORDER BY z.n LIMIT 100

-- name: places_get
SELECT case_id, item_code, zone, state, complete_at, accepted_at FROM places_place WHERE case_id = $1

-- name: places_name
INSERT INTO places_place (case_id, item_code, zone, state, changed_at) VALUES ($1, $2, $3, 'named', $4)
ON CONFLICT (case_id) DO UPDATE SET zone = $3, changed_at = $4 WHERE places_place.state = 'named'

-- name: places_set
UPDATE places_place SET state = $3, changed_at = $4 WHERE case_id = $1 AND state = $2

-- name: places_accept
UPDATE places_place SET state = $2, complete_at = $3, accepted_at = $4, changed_at = $5 WHERE case_id = $1 AND state = 'named'

-- name: places_overtakers
SELECT COUNT(*) AS n FROM places_place WHERE item_code = $1 AND zone = $2 AND case_id <> $3 AND accepted_at <= $4 AND complete_at > $5

-- name: places_first_waiting
SELECT case_id FROM places_place WHERE item_code = $1 AND zone = $2 AND state = 'waiting' ORDER BY accepted_at NULLS LAST, case_id LIMIT 1

-- name: places_hoping
SELECT case_id FROM places_place WHERE item_code = $1 AND zone = $2 AND state = 'hoping' ORDER BY accepted_at NULLS LAST, case_id LIMIT 100
