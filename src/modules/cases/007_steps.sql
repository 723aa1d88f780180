-- The day on which the share of the open step, and of those before it, is used up; a cache like due_on, none outside the decision time.
ALTER TABLE cases_task ADD COLUMN step_on BIGINT;
-- The dates of open cases are computed again once, so that open tasks have it.
UPDATE cases_calendar SET version = -1 WHERE id = 1;
