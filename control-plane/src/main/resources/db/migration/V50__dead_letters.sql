-- What operators decided about dead letters; a letter's decision is under way until its gateway has answered for it.
create table dead_letter_decision (
    id     uuid primary key,
    action text        not null,
    value  json,
    filter json,
    count  bigint      not null,
    at     timestamptz not null,
    by     text        not null
);

create table dead_letter (
    id               uuid primary key,
    gateway_id       text        not null references gateway on delete cascade,
    topic            text        not null,
    partition        int         not null,
    "offset"         bigint      not null,
    message_id       text        not null,
    source_topic     text        not null,
    source_partition int         not null,
    source_offset    bigint      not null,
    stage            text        not null,
    reason_code      text        not null,
    reason           text        not null,
    failed_at        timestamptz not null,
    received_at      timestamptz not null,
    attempts         int         not null,
    asset_id         text        not null,
    schema_id        int,
    payload          bytea       not null,
    payload_bytes    int         not null,
    payload_hash     bytea       not null,
    record           json,
    approvable       boolean     not null,
    state            text        not null,
    state_reason     text,
    decision_id      uuid references dead_letter_decision,
    taken_at         timestamptz,
    done_at          timestamptz,
    follows          uuid,
    followed_by      uuid
);
create index dead_letter_latest on dead_letter (failed_at desc, id desc);
create index dead_letter_pending on dead_letter (gateway_id, failed_at desc, id desc) where state = 'PENDING';
create index dead_letter_not_taken on dead_letter (gateway_id, decision_id)
    where state = 'PENDING' and decision_id is not null and taken_at is null;
create index dead_letter_decided on dead_letter (decision_id) where decision_id is not null;
create index dead_letter_done on dead_letter (done_at) where done_at is not null;
create index dead_letter_payload on dead_letter (payload_hash);
