-- The published form an item is applied for with (forms_version); no code and 0: published before forms were kept.
ALTER TABLE catalog_version ADD COLUMN form_code TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_version ADD COLUMN form_version BIGINT NOT NULL DEFAULT 0;
-- When the material is asked for, as a condition on the form's answers ("dishes=cold|raw"); '' = always. needed_when says it in words.
ALTER TABLE catalog_material ADD COLUMN needed_if TEXT NOT NULL DEFAULT '';
