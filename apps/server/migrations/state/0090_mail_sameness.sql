-- Whether the same bytes were reported before, and whose mails the desk sees by consent alone.
create index desk_samples_bytes on desk_samples (org_id, report_digest);
create index desk_samples_by_consent on desk_samples (org_id) where ticket_id is null and desk_org_id <> org_id;
