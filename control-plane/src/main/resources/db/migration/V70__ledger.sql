-- What became of readings, added up from the entries that gateways' stages wrote. How far into each partition of a gateway's
-- ledger they are counted stands beside the sums, so that a repeated post adds nothing.
create table ledger_position (
    gateway_id  text   not null references gateway on delete cascade,
    partition   int    not null,
    next_offset bigint not null,
    primary key (gateway_id, partition)
);

create table ledger_minute (
    gateway_id        text        not null references gateway on delete cascade,
    minute            timestamptz not null,
    adapter_id        text        not null,
    asset_id          text        not null,
    parameter         text        not null,
    read              bigint      not null default 0,
    reprocessed       bigint      not null default 0,
    approved          bigint      not null default 0,
    clean             bigint      not null default 0,
    synthetic         bigint      not null default 0,
    dead              bigint      not null default 0,
    duplicate_dropped bigint      not null default 0,
    repeated          bigint      not null default 0,
    sink_dead         bigint      not null default 0,
    missing           bigint      not null generated always as
        (read + reprocessed + approved - (clean - synthetic + dead + duplicate_dropped)) stored,
    primary key (gateway_id, minute, adapter_id, asset_id, parameter)
);
create index ledger_unbalanced on ledger_minute (gateway_id, minute) where missing <> 0;

create table ledger_gap (
    gateway_id     text        not null references gateway on delete cascade,
    adapter_id     text        not null,
    epoch          bigint      not null,
    asset_id       text        not null,
    first_sequence bigint      not null,
    last_sequence  bigint      not null,
    minute         timestamptz not null,
    received_at    timestamptz not null,
    primary key (gateway_id, adapter_id, epoch, asset_id, first_sequence)
);
create index ledger_gap_latest on ledger_gap (gateway_id, minute);
