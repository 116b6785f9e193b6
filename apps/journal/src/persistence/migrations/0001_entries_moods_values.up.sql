-- In values the number comes first: the payload shows it as column 1 and never shows the key.
create table entries (
  id integer generated always as identity primary key,
  text text not null check (text <> '' and char_length(text) <= 200),
  created_at timestamptz not null default now()
);

create table moods (
  id integer generated always as identity primary key,
  mood text not null
    check (mood in ('grateful', 'happy', 'calm', 'focused', 'stressed', 'tired', 'energized')),
  note text not null check (char_length(note) <= 240),
  created_at timestamptz not null default now()
);

create table values (
  number integer not null,
  id integer generated always as identity primary key
);
