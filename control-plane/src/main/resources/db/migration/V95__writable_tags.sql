-- Under which conditions a tag may be written, as its row said at the activation; null for not at all.
alter table tag add column write_rule json;
