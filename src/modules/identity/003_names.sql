-- Names that are in use: of legal entities whose document was seen (owner: the person) and granted in a case (owner: the case).
-- name_key: as two writings of one name are compared; core_key: the same without division and kind of business.
CREATE TABLE identity_name (
    owner BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    core_key TEXT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX identity_name_key ON identity_name (name_key, owner);
CREATE INDEX identity_name_core ON identity_name (core_key, owner);
INSERT INTO identity_name (owner, name, name_key, core_key, since)
SELECT id, name, REPLACE(REPLACE(name, '（', '('), '）', ')'), REPLACE(REPLACE(name, '（', '('), '）', ')'), made_at
FROM identity_person WHERE kind <> 'person' AND proven_at IS NOT NULL;
