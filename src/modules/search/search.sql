-- name: search_miss_add
INSERT INTO search_miss (day, words, n) VALUES ($1, $2, $3)
ON CONFLICT (day, words) DO UPDATE SET n = search_miss.n + excluded.n

-- name: search_misses_since
SELECT words, CAST(SUM(n) AS BIGINT) AS n FROM search_miss WHERE day >= $1 GROUP BY words ORDER BY SUM(n) DESC, words LIMIT 200

-- name: search_wish_insert
INSERT INTO search_wish (id, made_at, words, wish) VALUES ($1, $2, $3, $4)

-- name: search_wishes_before
SELECT id, made_at, words, wish FROM search_wish WHERE id < $1 ORDER BY id DESC LIMIT 100
