-- One row: the plant's settings, and whether the first administrator exists (its row lock decides a race).
create table plant (
    only_row            boolean primary key default true check (only_row),
    name                text,
    time_zone           text    not null default 'UTC',
    version             bigint  not null default 1,
    first_admin_created boolean not null default false
);
insert into plant default values;

create table app_user (
    id            bigint generated always as identity primary key,
    username      text        not null,
    password_hash text        not null,
    role          text        not null check (role in ('VIEWER', 'OPERATOR', 'ENGINEER', 'ADMIN')),
    created_at    timestamptz not null
);
create unique index app_user_name on app_user (lower(username));

create table user_session (
    id         bigint generated always as identity primary key,
    token_hash bytea       not null unique,
    user_id    bigint      not null references app_user on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Failed log-ins per user name and per address; a success removes the row.
create table log_in_failure (
    subject       text primary key,
    failures      int         not null,
    last_failure  timestamptz not null,
    blocked_until timestamptz
);

create table audit (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    actor      text        not null,
    action     text        not null,
    object     text        not null,
    detail     json,
    request_id text        not null
);

create table signing_key (
    only_row boolean primary key default true check (only_row),
    jwk      json not null
);

create table enrollment_token (
    id         text primary key,
    name       text        not null,
    token_hash bytea       not null unique,
    uses       int         not null,
    uses_left  int         not null check (uses_left >= 0),
    expires_at timestamptz not null,
    created_at timestamptz not null,
    created_by text        not null
);

create table gateway (
    id                    text primary key,
    status                text        not null check (status in ('PENDING', 'APPROVED', 'REVOKED')),
    key_thumbprint        text        not null unique,
    fingerprint           text        not null,
    host                  text        not null,
    hardware              text        not null,
    software_version      text        not null,
    enrolled_at           timestamptz not null,
    approved_at           timestamptz,
    approved_by           text,
    last_heartbeat_at     timestamptz,
    -- the last heartbeat as it came; null before the first
    heartbeat             json,
    desired_deployment_id text,
    desired_revision      int,
    desired_hash          text
);

create table command (
    id          uuid primary key,
    gateway_id  text        not null references gateway on delete cascade,
    type        text        not null,
    arguments   json        not null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    answered_at timestamptz,
    answer      json
);
create index command_open on command (gateway_id, created_at) where answered_at is null;

-- Adapters, sinks, rule sets and deployments: what people edit.
create table document (
    kind       text        not null,
    id         text        not null,
    name       text        not null,
    body       json        not null,
    version    bigint      not null,
    updated_at timestamptz not null,
    updated_by text        not null,
    primary key (kind, id)
);

create table revision (
    deployment_id text        not null,
    number        int         not null,
    gateway_id    text        not null,
    hash          text        not null,
    snapshot      json        not null,
    plan          json        not null,
    created_at    timestamptz not null,
    created_by    text        not null,
    primary key (deployment_id, number)
);

create function revision_is_immutable() returns trigger language plpgsql as $$
begin
    raise exception 'Revision % of deployment % is immutable', old.number, old.deployment_id;
end $$;
create trigger revision_immutable before update or delete on revision
    for each row execute function revision_is_immutable();

create table activation (
    id            bigint generated always as identity primary key,
    gateway_id    text        not null,
    deployment_id text        not null,
    revision      int         not null,
    at            timestamptz not null,
    by            text        not null,
    foreign key (deployment_id, revision) references revision (deployment_id, number)
);
create index activation_of_revision on activation (deployment_id, revision, id desc);

-- The tags of each gateway's active revision, for browsing.
create table tag (
    gateway_id text not null references gateway on delete cascade,
    asset_id   text not null,
    parameter  text not null,
    unit       text,
    adapter_id text not null,
    primary key (gateway_id, asset_id, parameter)
);
