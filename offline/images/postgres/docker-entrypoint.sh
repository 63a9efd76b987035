#!/usr/bin/env bash
# Makes the cluster on an empty volume and runs the server; the environment variables are those of the official image.
set -Eeuo pipefail

# $1 is the name of a variable; its value may be given in the file that $1_FILE names instead. $2 is the default.
read_setting() {
  local name=$1 default=${2:-} file_name="$1_FILE"
  if [[ -n ${!name:-} && -n ${!file_name:-} ]]; then
    echo "error: $name and $file_name are both set: leave one of them out" >&2
    exit 1
  fi
  local value=${!name:-$default}
  if [[ -n ${!file_name:-} ]]; then value=$(<"${!file_name}"); fi
  export "$name=$value"
  unset "$file_name"
}

own_directories() {
  install --directory --mode 700 "$PGDATA"
  install --directory --mode 3775 /var/run/postgresql
  if [[ $(id -u) == 0 ]]; then
    find "$PGDATA" /var/run/postgresql ! -user postgres -exec chown postgres:postgres {} +
  fi
}

create_cluster() {
  if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
    echo "error: the database is new and POSTGRES_PASSWORD is empty: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE" >&2
    exit 1
  fi
  local arguments=(--username="$POSTGRES_USER")
  if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then arguments+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  # POSTGRES_INITDB_ARGS holds several words, with quotes of its own.
  eval 'initdb "${arguments[@]}" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"
}

run_sql() {
  psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password --dbname "$POSTGRES_DB" "$@"
}

create_database() {
  [[ $POSTGRES_DB == postgres ]] && return
  run_sql --dbname postgres --set name="$POSTGRES_DB" <<<'CREATE DATABASE :"name";'
}

run_init_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh)
        if [[ -x $script ]]; then "$script"; else . "$script"; fi
        ;;
      *.sql) run_sql --file "$script" ;;
      *.sql.gz) gunzip --stdout "$script" | run_sql ;;
      *.sql.xz) xzcat "$script" | run_sql ;;
      *.sql.zst) zstd --decompress --stdout "$script" | run_sql ;;
      *) continue ;;
    esac
    echo "ran $script"
  done
}

# While the first steps run the server listens on its socket only, so that nobody meets a half-made database.
initialise() {
  local server_arguments=("${@:2}")
  create_cluster
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  pg_ctl --wait --options "$(printf '%q ' "${server_arguments[@]}" -c listen_addresses= -p "${PGPORT:-5432}")" start
  create_database
  run_init_scripts
  pg_ctl --wait --mode fast stop
  unset PGPASSWORD
  echo "PostgreSQL is initialised and ready to start"
}

[[ ${1:0:1} == - ]] && set -- postgres "$@"

if [[ $1 == postgres ]]; then
  own_directories
  if [[ $(id -u) == 0 ]]; then
    exec setpriv --reuid postgres --regid postgres --init-groups -- "$0" "$@"
  fi
  read_setting POSTGRES_PASSWORD
  read_setting POSTGRES_USER postgres
  read_setting POSTGRES_DB "$POSTGRES_USER"
  read_setting POSTGRES_INITDB_ARGS
  read_setting POSTGRES_HOST_AUTH_METHOD scram-sha-256
  if [[ ! -s $PGDATA/PG_VERSION ]]; then initialise "$@"; fi
fi

exec "$@"
