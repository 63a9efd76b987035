#!/bin/sh
# Accepts what the official image accepts: options, a traefik subcommand or a whole command.
set -eu

case "${1:-}" in
  -* | healthcheck | version) set -- traefik "$@" ;;
esac

exec "$@"
