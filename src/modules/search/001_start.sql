-- Searches that found nothing, by day: what is missing from the catalogue or from its everyday words.
CREATE TABLE search_miss (
    day BIGINT NOT NULL,
    words TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, words)
);

-- What people wrote after a search that did not help. `words` is what they had searched, `wish` what they want to do.
CREATE TABLE search_wish (
    id BIGINT PRIMARY KEY,
    made_at BIGINT NOT NULL,
    words TEXT NOT NULL,
    wish TEXT NOT NULL
);
