create index entries_newest_first on entries (created_at desc, id desc);
create index moods_newest_first on moods (created_at desc, id desc);
