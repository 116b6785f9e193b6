import { statementsOf } from './psql-script.js';

const script = `-- a comment; with a semicolon
\\getenv password THE_PASSWORD
create role a login password :'password';

create database a
  owner a;
`;

test('statements come one by one, with variables of the environment as literals', () => {
  expect(statementsOf(script, { THE_PASSWORD: "it's" })).toEqual([
    "create role a login password 'it''s'",
    'create database a\n  owner a',
  ]);
});

test('what psql would fail at fails here', () => {
  expect(() => statementsOf(script, {})).toThrow('the container is not given THE_PASSWORD');
  expect(() => statementsOf(`select :'password';\n`, {})).toThrow(":'password' is used before \\getenv password");
});

test('what only psql knows is refused, not skipped', () => {
  expect(() => statementsOf('\\connect a\n', {})).toThrow('\\connect a is not known here');
});
