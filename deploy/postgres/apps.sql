-- At the first start of the Postgres of the demo's apps, which shares no network with that of the services.
\getenv baseline BASELINE_DATABASE_PASSWORD
\getenv faithful FAITHFUL_DATABASE_PASSWORD

create role journal_baseline login password :'baseline';
create role journal_faithful login password :'faithful';

create database journal_baseline owner journal_baseline template template0;
create database journal_faithful owner journal_faithful template template0;

revoke connect on database journal_baseline, journal_faithful, postgres, template1 from public;
