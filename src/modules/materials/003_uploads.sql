-- A file that arrives in pieces (tus): its sealed bytes lie in DIR/materials/partial/<id>, and what lies there is what has arrived. The
-- id is its address and not to be guessed. `sealed` is the file name, sealed for the root. done_at: the file was kept; the row
-- stays until expires_at for whoever did not hear the answer.
CREATE TABLE materials_upload (
    id TEXT PRIMARY KEY,
    account BIGINT NOT NULL,
    root BIGINT NOT NULL,
    slot TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    length BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX materials_upload_account ON materials_upload (account, expires_at);
CREATE INDEX materials_upload_root ON materials_upload (root);
CREATE INDEX materials_upload_expires ON materials_upload (expires_at);
