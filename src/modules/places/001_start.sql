-- A zone (区域) of an item whose number is limited: how many there may be, and how many there were before cases were kept here.
-- `changes` is written by whoever changes places of the zone, so that two of them wait for each other.
CREATE TABLE places_zone (
    item_code TEXT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    ceiling BIGINT NOT NULL,
    taken_before BIGINT NOT NULL,
    sample BOOLEAN NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (item_code, n)
);

-- What a case has of a zone: named -> reserved or waiting -> taken -> freed; hoping: refused while it waited, to be told.
CREATE TABLE places_place (
    case_id BIGINT PRIMARY KEY,
    item_code TEXT NOT NULL,
    zone BIGINT NOT NULL,
    state TEXT NOT NULL,
    complete_at BIGINT,
    accepted_at BIGINT,
    changed_at BIGINT NOT NULL
);
CREATE INDEX places_place_zone ON places_place (item_code, zone, state, accepted_at, case_id);
