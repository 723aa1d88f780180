-- name: identity_person_insert
INSERT INTO identity_person (id, kind, name, code_kind, code_sealed, code_index, code_mask, phone_sealed, proven_at, proven_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: identity_person_by_id
SELECT id, kind, name, code_kind, code_mask, proven_at FROM identity_person WHERE id = $1

-- name: identity_person_sealed
SELECT code_sealed FROM identity_person WHERE id = $1

-- name: identity_person_phone
SELECT phone_sealed FROM identity_person WHERE id = $1

-- name: identity_person_proven
SELECT id, kind, name, code_kind, code_mask, proven_at FROM identity_person
WHERE code_index = $1 AND proven_at IS NOT NULL ORDER BY id LIMIT 1

-- name: identity_name_set
INSERT INTO identity_name (owner, name, name_key, core_key, since) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (owner) DO UPDATE SET name = $2, name_key = $3, core_key = $4, since = $5

-- name: identity_name_get
SELECT owner, name FROM identity_name WHERE owner = $1

-- name: identity_names_same
SELECT owner, name FROM identity_name WHERE name_key = $1 ORDER BY owner LIMIT 5

-- name: identity_names_alike
SELECT owner, name FROM identity_name WHERE core_key = $1 AND name_key <> $2 ORDER BY owner LIMIT 5

-- name: identity_account_insert
INSERT INTO identity_account (id, kind, person, staff, login_index, password, failures, locked_until, made_at)
VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)
ON CONFLICT DO NOTHING

-- name: identity_account_by_login
SELECT id, kind, person, staff, password, failures, locked_until FROM identity_account WHERE login_index = $1 AND ended_at IS NULL

-- name: identity_account_by_id
SELECT id, kind, person, staff, password, failures, locked_until FROM identity_account WHERE id = $1 AND ended_at IS NULL

-- name: identity_account_set_failures
UPDATE identity_account SET failures = $2, locked_until = $3 WHERE id = $1

-- name: identity_account_end
UPDATE identity_account SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL

-- name: identity_account_set_password
UPDATE identity_account SET password = $2, failures = 0, locked_until = 0 WHERE id = $1 AND ended_at IS NULL

-- name: identity_account_set_person
UPDATE identity_account SET person = $2 WHERE id = $1 AND ended_at IS NULL

-- name: identity_activation_set
INSERT INTO identity_activation (person, code, made_by, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (person) DO UPDATE SET code = $2, made_by = $3, made_at = $4, ends_at = $5, used_at = NULL

-- name: identity_activation_use
UPDATE identity_activation SET used_at = $3 WHERE person = $1 AND code = $2 AND used_at IS NULL AND ends_at > $3

-- name: identity_session_insert
INSERT INTO identity_session (token, account, n, made_at, ends_at, address, agent)
VALUES ($1, $2, (SELECT COALESCE(MAX(n), 0) + 1 FROM identity_session WHERE account = $2), $3, $4, $5, $6)

-- name: identity_session_actor
SELECT a.id AS account, a.person, a.staff, s.n AS session
FROM identity_session s JOIN identity_account a ON a.id = s.account
WHERE s.token = $1 AND s.ends_at > $2 AND a.ended_at IS NULL

-- name: identity_sessions
SELECT n, made_at, ends_at, address, agent FROM identity_session WHERE account = $1 AND ends_at > $2 ORDER BY n DESC LIMIT 50

-- name: identity_session_delete
DELETE FROM identity_session WHERE account = $1 AND n = $2

-- name: identity_session_delete_token
DELETE FROM identity_session WHERE token = $1

-- name: identity_session_delete_all
DELETE FROM identity_session WHERE account = $1

-- name: identity_session_delete_others
DELETE FROM identity_session WHERE account = $1 AND token <> $2

-- name: identity_session_purge
DELETE FROM identity_session WHERE ends_at < $1

-- name: identity_event_insert
INSERT INTO identity_event (id, kind, account, actor, about, address, at) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: identity_events
SELECT id, kind, about, address, at FROM identity_event WHERE id < $1 ORDER BY id DESC LIMIT 101
