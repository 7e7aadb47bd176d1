#!/bin/sh
# Verifies one part of n, and keeps its report as JSON.
#
#   shard.sh INDEX COUNT PLAYBOOK...
#
# INDEX is from 1. The exit code is that of ippactl: 2 is drift, which the merged report shows.
# Variables: IPPACTL (the program), OUT (the folder of the parts), FLAGS (more flags of ippactl).
set -eu
index=$1
count=$2
shift 2
out=${OUT:-parts}
mkdir -p "$out"
# FLAGS is split into words on purpose.
# shellcheck disable=SC2086
exec "${IPPACTL:-ippactl}" verify "$@" --shard "$index/$count" --no-input \
    --report "json=$out/part-$index.json" ${FLAGS:-}
