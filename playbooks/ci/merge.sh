#!/bin/sh
# Makes one report of the parts that shard.sh kept, in every format that is asked for.
#
#   merge.sh PART.json...
#
# The exit code is that of the whole: 0 in sync, 2 drift, 3 incomplete, for example because a part is missing.
# Variables: IPPACTL (the program), REPORT (the folder of the reports), FORMATS (which formats; see ippactl verify --help).
set -eu
report=${REPORT:-report}
mkdir -p "$report"
for format in ${FORMATS:-json}; do
    set -- "$@" --report "$format=$report/ippactl.$format"
done
exec "${IPPACTL:-ippactl}" report merge "$@"
