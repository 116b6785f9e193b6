drop index moods_newest_first;
drop index entries_newest_first;
