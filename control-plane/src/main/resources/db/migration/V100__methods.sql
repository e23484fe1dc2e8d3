-- The methods of the active revisions' adapters: what each is called with, and under which conditions, as its row said at the activation; rule null for not at all.
create table method (
    gateway_id text not null references gateway on delete cascade,
    asset_id   text not null,
    name       text not null,
    adapter_id text not null,
    arguments  json not null,
    rule       json,
    primary key (gateway_id, asset_id, name)
);
