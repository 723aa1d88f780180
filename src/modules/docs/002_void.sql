-- The decision is void and nothing replaces it.
ALTER TABLE docs_decision ADD COLUMN voided_at BIGINT;
