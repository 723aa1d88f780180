-- name: search_local_version @sqlite
SELECT version FROM search_state WHERE id = 1

-- name: search_local_version_set @sqlite
INSERT INTO search_state (id, version) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET version = excluded.version

-- name: search_local_rune_count @sqlite
SELECT COUNT(*) FROM search_rune

-- name: search_local_rune_add @sqlite
INSERT INTO search_rune (rune, plain, sound, other) VALUES ($1, $2, $3, $4)

-- name: search_local_runes_after @sqlite
SELECT rune, plain, sound, other FROM search_rune WHERE rune > $1 ORDER BY rune LIMIT 8000

-- name: search_local_rune @sqlite
SELECT rune, plain, sound, other FROM search_rune WHERE rune = $1

-- name: search_local_doc_clear @sqlite
DELETE FROM search_doc

-- name: search_local_load_clear @sqlite
DELETE FROM search_load

-- name: search_local_alias_clear @sqlite
DELETE FROM search_alias

-- name: search_local_near_clear @sqlite
DELETE FROM search_near

-- name: search_local_body_clear @sqlite
DELETE FROM search_body

-- name: search_local_subject_clear @sqlite
DELETE FROM search_subject

-- name: search_local_text_clear @sqlite
INSERT INTO search_text (search_text) VALUES ('delete-all')

-- name: search_local_reading_clear @sqlite
INSERT INTO search_reading (search_reading) VALUES ('delete-all')

-- name: search_local_initial_clear @sqlite
INSERT INTO search_initial (search_initial) VALUES ('delete-all')

-- name: search_local_load_add @sqlite
INSERT INTO search_load (code, main, place, runes, plain, main_plain, alias, sounds, flags, body, subjects, name, main_name,
    situation, kind, promised_days, promised_unit, fee, content, readings, initials)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)

-- name: search_local_alias_add @sqlite
INSERT INTO search_alias (word, code) VALUES ($1, $2) ON CONFLICT (word, code) DO NOTHING

-- name: search_local_near_add @sqlite
INSERT INTO search_near (word, official) VALUES ($1, $2) ON CONFLICT (word, official) DO NOTHING

-- name: search_local_body_add @sqlite
INSERT INTO search_body (id, code, name) VALUES ($1, $2, $3)

-- name: search_local_subject_add @sqlite
INSERT INTO search_subject (id, code, name) VALUES ($1, $2, $3)

-- name: search_local_card_clear @sqlite
DELETE FROM search_card

-- name: search_local_card_fill @sqlite
INSERT INTO search_card (id, grp, code, name, main_name, situation, kind, promised_days, promised_unit, fee)
SELECT pos, MIN(pos) OVER (PARTITION BY main), code, name, main_name, situation, kind, promised_days, promised_unit, fee
FROM (SELECT ROW_NUMBER() OVER (ORDER BY place, runes, code) AS pos, l.* FROM search_load l) ORDER BY pos

-- name: search_local_doc_fill @sqlite
INSERT INTO search_doc (id, grp, flags, body, subjects, plain, alias, main_plain, sounds)
SELECT c.id, c.grp, l.flags, l.body, l.subjects, l.plain, l.alias, l.main_plain, l.sounds
FROM search_card c CROSS JOIN search_load l ON l.code = c.code ORDER BY c.id

-- name: search_local_text_fill @sqlite
INSERT INTO search_text (rowid, title, alias, content)
SELECT d.id, l.plain || char(10) || l.main_plain || char(10) || l.situation, l.alias, l.content
FROM search_card d CROSS JOIN search_load l ON l.code = d.code ORDER BY d.id

-- name: search_local_reading_fill @sqlite
INSERT INTO search_reading (rowid, word)
SELECT d.id, l.readings FROM search_card d CROSS JOIN search_load l ON l.code = d.code ORDER BY d.id

-- name: search_local_initial_fill @sqlite
INSERT INTO search_initial (rowid, word)
SELECT d.id, l.initials FROM search_card d CROSS JOIN search_load l ON l.code = d.code ORDER BY d.id

-- name: search_local_text_pack @sqlite
INSERT INTO search_text (search_text) VALUES ('optimize')

-- name: search_local_reading_pack @sqlite
INSERT INTO search_reading (search_reading) VALUES ('optimize')

-- name: search_local_initial_pack @sqlite
INSERT INTO search_initial (search_initial) VALUES ('optimize')

-- name: search_local_near_in @sqlite
SELECT word, official FROM search_near WHERE instr($1, word) > 0 ORDER BY length(word) DESC, word, official LIMIT 20

-- name: search_local_near_begins @sqlite
SELECT word, official FROM search_near WHERE word >= $1 AND word < $2 ORDER BY word, official LIMIT 20

-- name: search_local_near_words @sqlite
SELECT word, official FROM search_near ORDER BY word, official LIMIT 2000

-- name: search_local_body_by_code @sqlite
SELECT id FROM search_body WHERE code = $1

-- name: search_local_bodies @sqlite
SELECT id, code, name FROM search_body ORDER BY id LIMIT 2000

-- name: search_local_subjects @sqlite
SELECT id, code, name FROM search_subject ORDER BY id LIMIT 60

-- name: search_local_hits_exact @sqlite
SELECT d.id, d.grp, d.plain, d.main_plain, d.alias, '' AS sounds, d.flags, d.body, d.subjects
FROM (SELECT id FROM search_doc WHERE plain = $1
      UNION SELECT o.id FROM search_alias a CROSS JOIN search_card o ON o.code = a.code WHERE a.word = $1) e
CROSS JOIN search_doc d ON d.id = e.id
WHERE (d.flags & $2) = $2 AND ($3 = 0 OR d.body = $3) AND ($4 = 0 OR (d.subjects & $4) <> 0)
ORDER BY d.id LIMIT 401

-- name: search_local_hits_code @sqlite
SELECT d.id, d.grp, d.plain, d.main_plain, d.alias, '' AS sounds, d.flags, d.body, d.subjects
FROM search_card c CROSS JOIN search_doc d ON d.id = c.id WHERE c.code >= $1 AND c.code < $2
AND (d.flags & $3) = $3 AND ($4 = 0 OR d.body = $4) AND ($5 = 0 OR (d.subjects & $5) <> 0)
ORDER BY c.code LIMIT 401

-- name: search_local_hits_text @sqlite
SELECT d.id, d.grp, d.plain, d.main_plain, d.alias, '' AS sounds, d.flags, d.body, d.subjects
FROM search_text CROSS JOIN search_doc d ON d.id = search_text.rowid
WHERE search_text MATCH $1 AND (d.flags & $2) = $2 AND ($3 = 0 OR d.body = $3) AND ($4 = 0 OR (d.subjects & $4) <> 0)
ORDER BY search_text.rowid LIMIT $5

-- name: search_local_hits_reading @sqlite
SELECT d.id, d.grp, d.plain, d.main_plain, d.alias, d.sounds, d.flags, d.body, d.subjects
FROM search_reading CROSS JOIN search_doc d ON d.id = search_reading.rowid
WHERE search_reading MATCH $1 AND (d.flags & $2) = $2 AND ($3 = 0 OR d.body = $3) AND ($4 = 0 OR (d.subjects & $4) <> 0)
ORDER BY search_reading.rowid LIMIT $5

-- name: search_local_hits_initial @sqlite
SELECT d.id, d.grp, d.plain, d.main_plain, d.alias, d.sounds, d.flags, d.body, d.subjects
FROM search_initial CROSS JOIN search_doc d ON d.id = search_initial.rowid
WHERE search_initial MATCH $1 AND (d.flags & $2) = $2 AND ($3 = 0 OR d.body = $3) AND ($4 = 0 OR (d.subjects & $4) <> 0)
ORDER BY search_initial.rowid LIMIT $5

-- name: search_local_card @sqlite
SELECT c.id, c.code, c.name, d.plain, c.main_name, c.situation, d.sounds, c.kind, c.promised_days, c.promised_unit, c.fee,
    d.alias, b.name AS body_short
FROM search_card c JOIN search_doc d ON d.id = c.id JOIN search_body b ON b.id = d.body WHERE c.id = $1
