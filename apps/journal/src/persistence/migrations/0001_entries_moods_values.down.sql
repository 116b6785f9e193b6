drop table values;
drop table moods;
drop table entries;
