-- Beside the sums: readings that came too late for a stage's windows, and polls that a device did not answer.
alter table ledger_minute add column late bigint not null default 0;
alter table ledger_minute add column failed_polls bigint not null default 0;

-- What sinks stated to have delivered, in the minute in which they did.
create table ledger_sink (
    gateway_id text        not null references gateway on delete cascade,
    minute     timestamptz not null,
    sink       text        not null,
    topic      text        not null,
    delivered  bigint      not null,
    primary key (gateway_id, minute, sink, topic)
);
