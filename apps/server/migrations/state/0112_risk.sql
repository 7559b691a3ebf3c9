-- What a computer or a name has come to, and what leads said of each rule.

create index findings_findings_recent on findings_findings (org_id, last_at desc);

-- The risk of what a ticket is about, when it was last counted; it fades from there.
alter table desk_tickets add column risk real, add column risk_at timestamptz;
