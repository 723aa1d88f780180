-- What the item's own law lets stop the clock (除外时间), with its source; no row: the list of the regime stands. kind 'none': nothing may.
CREATE TABLE catalog_pause (
    item BIGINT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    PRIMARY KEY (item, version, kind)
);
