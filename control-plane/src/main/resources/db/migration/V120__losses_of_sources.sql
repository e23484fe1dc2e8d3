-- What sources lost before the stream had it, beside the sums: what kind of loss, and what and why in a name of its own.
alter table ledger_minute add column skipped_polls bigint not null default 0;
alter table ledger_minute add column lost bigint not null default 0;
alter table ledger_minute add column unmapped bigint not null default 0;
alter table ledger_minute add column turned_away bigint not null default 0;

create table ledger_loss (
    gateway_id text        not null references gateway on delete cascade,
    minute     timestamptz not null,
    adapter_id text        not null,
    reason     text        not null,
    count      bigint      not null,
    primary key (gateway_id, minute, adapter_id, reason)
);
