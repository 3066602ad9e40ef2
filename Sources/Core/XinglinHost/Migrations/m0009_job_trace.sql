-- The trace of a run's last attempt, under which the log and the audit have it; NULL before the first one.
ALTER TABLE host.job_run ADD COLUMN trace text;
