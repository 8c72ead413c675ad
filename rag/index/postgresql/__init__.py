"""An index in a PostgreSQL database: a schema for each build, one row names the live one."""
