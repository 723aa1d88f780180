-- name: catalog_subject_insert
INSERT INTO catalog_subject (code, face, name, pos) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING

-- name: catalog_subjects
SELECT s.code, s.face, s.name, s.pos, (SELECT COUNT(*) FROM catalog_item_subject i WHERE i.subject = s.code) AS items
FROM catalog_subject s ORDER BY s.face, s.pos LIMIT 100

-- name: catalog_subject_known
SELECT pos FROM catalog_subject WHERE code = $1

-- name: catalog_subject_by_code
SELECT code, face, name, pos, (SELECT COUNT(*) FROM catalog_item_subject i WHERE i.subject = $1) AS items
FROM catalog_subject WHERE code = $1

-- name: catalog_item_insert
INSERT INTO catalog_item (id, code, body, main_code, state, version, made_at) VALUES ($1, $2, $3, $4, $5, 0, $6)
ON CONFLICT (code) DO NOTHING

-- name: catalog_item_head
SELECT id, code, body, main_code, state, version FROM catalog_item WHERE code = $1

-- name: catalog_item_set_version
UPDATE catalog_item SET version = $2, main_code = $3, state = 'in_use' WHERE id = $1

-- name: catalog_version_insert
INSERT INTO catalog_version (item, version, basic_code, name, main_name, situation, type, regime, level, objects, kind,
    check_days, statutory_days, statutory_unit, statutory_basis, promised_days, promised_unit, fee, fee_basis, fee_standard,
    result_name, result_kind, visits, visit_reason, channels, conditions, basis, intro, sample, form, decider, source,
    source_code, published_at, form_code, form_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
    $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)

-- name: catalog_item_current
SELECT i.id, i.code, i.body, i.main_code, i.state, v.version, v.basic_code, v.name, v.main_name, v.situation, v.type, v.regime,
    v.level, v.objects, v.kind, v.check_days, v.statutory_days, v.statutory_unit, v.statutory_basis, v.promised_days,
    v.promised_unit, v.fee, v.fee_basis, v.fee_standard, v.result_name, v.result_kind, v.visits, v.visit_reason, v.channels,
    v.conditions, v.basis, v.intro, v.sample, v.form, v.decider, v.source, v.source_code, v.published_at,
    v.form_code, v.form_version
FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version
WHERE i.code = $1

-- name: catalog_item_subject_insert
INSERT INTO catalog_item_subject (subject, item) VALUES ($1, $2) ON CONFLICT (subject, item) DO NOTHING

-- name: catalog_item_subjects
SELECT s.code, s.face, s.name, s.pos, CAST(0 AS BIGINT) AS items
FROM catalog_item_subject i JOIN catalog_subject s ON s.code = i.subject WHERE i.item = $1 ORDER BY i.subject LIMIT 20

-- name: catalog_material_insert
INSERT INTO catalog_material (item, version, n, name, source, is_key, may_commit, issuer, basis, needed_when, note, sample,
    needed_if)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: catalog_materials
SELECT n, name, source, is_key, may_commit, issuer, basis, needed_when, note, sample, needed_if
FROM catalog_material WHERE item = $1 AND version = $2 ORDER BY n LIMIT 100

-- name: catalog_pause_insert
INSERT INTO catalog_pause (item, version, kind, basis, sample) VALUES ($1, $2, $3, $4, $5)

-- name: catalog_pauses
SELECT kind, basis, sample FROM catalog_pause WHERE item = $1 AND version = $2 ORDER BY kind LIMIT 20

-- name: catalog_material_count
SELECT COUNT(*) AS n FROM catalog_material WHERE item = $1 AND version = $2

-- name: catalog_alias_insert
INSERT INTO catalog_alias (item, n, word) VALUES ($1, $2, $3) ON CONFLICT (item, n) DO NOTHING

-- name: catalog_aliases
SELECT word FROM catalog_alias WHERE item = $1 ORDER BY n LIMIT 50

-- name: catalog_siblings
SELECT i.code, v.name, v.situation
FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version
WHERE i.main_code = $1 AND i.state = 'in_use' ORDER BY i.code LIMIT 40

-- name: catalog_list_by_body
SELECT i.code, v.name, v.situation, v.kind, v.promised_days, v.promised_unit, v.fee, v.channels, v.sample,
    (SELECT a.word FROM catalog_alias a WHERE a.item = i.id AND a.n = 1) AS alias, b.short AS body_short
FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version JOIN org_body b ON b.id = i.body
WHERE i.body = $1 AND i.state = 'in_use' AND i.code > $2 ORDER BY i.code LIMIT 51

-- name: catalog_list_by_subject
SELECT i.code, v.name, v.situation, v.kind, v.promised_days, v.promised_unit, v.fee, v.channels, v.sample,
    (SELECT a.word FROM catalog_alias a WHERE a.item = i.id AND a.n = 1) AS alias, b.short AS body_short
FROM catalog_item_subject s JOIN catalog_item i ON i.id = s.item JOIN catalog_version v ON v.item = i.id AND v.version = i.version
    JOIN org_body b ON b.id = i.body
WHERE s.subject = $1 AND i.state = 'in_use' AND i.code > $2 ORDER BY i.code LIMIT 51

-- name: catalog_frequent
SELECT i.code, v.name, v.situation, v.kind, v.promised_days, v.promised_unit, v.fee, v.channels, v.sample,
    (SELECT a.word FROM catalog_alias a WHERE a.item = i.id AND a.n = 1) AS alias, b.short AS body_short
FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version JOIN org_body b ON b.id = i.body
WHERE v.form <> '' AND i.state = 'in_use' ORDER BY i.code LIMIT 8

-- name: catalog_count_by_body
SELECT body, COUNT(*) AS items FROM catalog_item WHERE state = 'in_use' GROUP BY body ORDER BY body LIMIT 1000

-- name: catalog_counts
SELECT COUNT(*) AS items,
    COALESCE(SUM(CASE WHEN v.kind = 'on_spot' THEN 1 ELSE 0 END), 0) AS on_spot,
    COALESCE(SUM(CASE WHEN v.visits = 0 THEN 1 ELSE 0 END), 0) AS no_visit,
    COALESCE(SUM(CASE WHEN v.sample = '' THEN 1 ELSE 0 END), 0) AS complete
FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version WHERE i.state = 'in_use'

-- name: catalog_codes_after
SELECT code AS word FROM catalog_item WHERE state = 'in_use' AND code > $1 ORDER BY code LIMIT 5000

-- name: catalog_docs_after
SELECT i.id, i.code, v.name, v.main_name, v.situation, i.main_code, v.objects, v.kind, v.promised_days, v.promised_unit, v.fee,
    v.channels, v.sample, v.intro, v.result_name, v.basis, v.visits, b.code AS body, b.short AS body_short, b.name AS body_name
FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version JOIN org_body b ON b.id = i.body
WHERE i.state = 'in_use' AND i.id > $1 ORDER BY i.id LIMIT 500

-- name: catalog_near_word_insert
INSERT INTO catalog_near_word (word, official) VALUES ($1, $2) ON CONFLICT (word, official) DO NOTHING

-- name: catalog_near_words
SELECT word, official FROM catalog_near_word ORDER BY word, official LIMIT 2000

-- name: catalog_item_version
SELECT i.id, i.code, i.body, i.main_code, i.state, v.version, v.basic_code, v.name, v.main_name, v.situation, v.type, v.regime,
    v.level, v.objects, v.kind, v.check_days, v.statutory_days, v.statutory_unit, v.statutory_basis, v.promised_days,
    v.promised_unit, v.fee, v.fee_basis, v.fee_standard, v.result_name, v.result_kind, v.visits, v.visit_reason, v.channels,
    v.conditions, v.basis, v.intro, v.sample, v.form, v.decider, v.source, v.source_code, v.published_at,
    v.form_code, v.form_version
FROM catalog_item i JOIN catalog_version v ON v.item = i.id WHERE i.id = $1 AND v.version = $2

-- name: catalog_item_stands
SELECT COUNT(*) AS n FROM catalog_item WHERE id = $1 AND body = $2 AND state = $3

-- name: catalog_version_form
SELECT form_code, form_version FROM catalog_version WHERE item = $1 AND version = $2

-- name: catalog_items_by_form
SELECT i.code AS word FROM catalog_item i JOIN catalog_version v ON v.item = i.id AND v.version = i.version
WHERE (v.form = $1 OR v.form_code = $1) AND (v.form_code <> $1 OR v.form_version <> $2) AND i.code > $3 ORDER BY i.code LIMIT 500
