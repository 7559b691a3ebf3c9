#!/bin/sh
# Runs once, in an empty database server: a role of Banya's own that owns its database, may create roles, and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$BANYA_DB_PASSWORD" --username postgres <<'SQL'
create role banya login createrole password :'password';
create database banya owner banya;
SQL
