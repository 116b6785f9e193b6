// A judge that cannot run.
process.exit(1);
