-- At the first start of the services' Postgres: a role and a database for each service; nobody connects to another's.
-- Lines that begin with \getenv are psql's: they take a password from the environment of the container.
\getenv gateway GATEWAY_DATABASE_PASSWORD
\getenv submission SUBMISSION_DATABASE_PASSWORD
\getenv filler FILLER_DATABASE_PASSWORD
\getenv comparator COMPARATOR_DATABASE_PASSWORD
\getenv leaderboard LEADERBOARD_DATABASE_PASSWORD

create role lockstep_gateway login password :'gateway';
create role lockstep_submission login password :'submission';
create role lockstep_filler login password :'filler';
create role lockstep_comparator login password :'comparator';
create role lockstep_leaderboard login password :'leaderboard';

create database lockstep_gateway owner lockstep_gateway template template0;
create database lockstep_submission owner lockstep_submission template template0;
create database lockstep_filler owner lockstep_filler template template0;
create database lockstep_comparator owner lockstep_comparator template template0;
create database lockstep_leaderboard owner lockstep_leaderboard template template0;

revoke connect on database
  lockstep_gateway, lockstep_submission, lockstep_filler, lockstep_comparator, lockstep_leaderboard, postgres, template1
from public;
