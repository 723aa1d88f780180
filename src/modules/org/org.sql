-- name: org_division_insert
INSERT INTO org_division (code, name, parent, level) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING

-- name: org_divisions
SELECT d.code, d.name, d.level, d.parent, p.name AS parent_name
FROM org_division d JOIN org_division p ON p.code = d.parent
WHERE d.code > $1 AND d.code < $2 AND d.level >= 4 ORDER BY d.code LIMIT 2000

-- name: org_division_by_code
SELECT d.code, d.name, d.level, d.parent, p.name AS parent_name
FROM org_division d JOIN org_division p ON p.code = d.parent
WHERE d.code = $1 AND d.code > $2 AND d.code < $3 AND d.level >= 4

-- name: org_body_insert
INSERT INTO org_body (id, code, name, short, kind, level, duty, phone, address, remedy_body, pos, counted)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (code) DO NOTHING

-- name: org_body_by_code
SELECT id, code, name, short, kind, level, duty, phone, address, remedy_body, pos, counted FROM org_body WHERE code = $1

-- name: org_body_by_id
SELECT id, code, name, short, kind, level, duty, phone, address, remedy_body, pos, counted FROM org_body WHERE id = $1

-- name: org_bodies
SELECT id, code, name, short, kind, level, duty, phone, address, remedy_body, pos, counted
FROM org_body WHERE counted = true ORDER BY pos, id LIMIT 500

-- name: org_section_insert
INSERT INTO org_section (body, n, name) VALUES ($1, $2, $3) ON CONFLICT (body, n) DO NOTHING

-- name: org_sections
SELECT n, name FROM org_section WHERE body = $1 ORDER BY n LIMIT 100

-- name: org_window_insert
INSERT INTO org_window (no, zone, floor, name, kind) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (no) DO NOTHING

-- name: org_window_body_insert
INSERT INTO org_window_body (body, no) VALUES ($1, $2) ON CONFLICT (body, no) DO NOTHING

-- name: org_windows_of_body
SELECT w.no, w.zone, w.floor, w.name, w.kind
FROM org_window_body b JOIN org_window w ON w.no = b.no WHERE b.body = $1 ORDER BY b.no LIMIT 200

-- name: org_station_insert
INSERT INTO org_station (division, name, level, address, phone) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (division) DO NOTHING

-- name: org_staff_insert
INSERT INTO org_staff (id, login, name, body, section, window_no, division, sample)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (login) DO NOTHING

-- name: org_staff_role_insert
INSERT INTO org_staff_role (staff, role) VALUES ($1, $2) ON CONFLICT (staff, role) DO NOTHING

-- name: org_counts
SELECT (SELECT COUNT(*) FROM org_body WHERE counted = true) AS bodies,
       (SELECT COUNT(*) FROM org_window) AS windows,
       (SELECT COUNT(*) FROM org_staff) AS staff,
       (SELECT COUNT(*) FROM org_station) AS stations,
       (SELECT COUNT(*) FROM org_division) AS divisions

-- name: org_public_version_get
SELECT version FROM org_public_version WHERE id = 1

-- name: org_public_version_bump
UPDATE org_public_version SET version = version + 1 WHERE id = 1

-- name: org_staff_by_id
SELECT id, login, name, body, section, window_no, division FROM org_staff WHERE id = $1 AND ended_at IS NULL

-- name: org_staff_by_login
SELECT id, login, name, body, section, window_no, division FROM org_staff WHERE login = $1 AND ended_at IS NULL

-- name: org_staff_roles
SELECT role FROM org_staff_role WHERE staff = $1 ORDER BY role LIMIT 50

-- name: org_staff_role_delete
DELETE FROM org_staff_role WHERE staff = $1 AND role = $2

-- name: org_staff_after
SELECT s.id, s.login, s.name, s.section, s.window_no, b.short AS body_short
FROM org_staff s JOIN org_body b ON b.id = s.body WHERE s.ended_at IS NULL AND s.login > $1 ORDER BY s.login LIMIT 51

-- name: org_served_bodies
SELECT b.id, b.code, b.name, b.short, b.kind, b.level, b.duty, b.phone, b.address, b.remedy_body, b.pos, b.counted
FROM org_staff s JOIN org_window_body w ON w.no = s.window_no JOIN org_body b ON b.id = w.body
WHERE s.id = $1 ORDER BY b.pos, b.id LIMIT 50
