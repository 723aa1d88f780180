-- When the file of a document was sealed; written by whoever keeps the files.
ALTER TABLE cases_document ADD COLUMN sealed_at BIGINT;
