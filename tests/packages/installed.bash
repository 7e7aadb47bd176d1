# Runs where ippactl has been installed, by whatever way: its version, its manual pages, and the completion of bash.
#
#   installed.bash VERSION PAGE…
set -eu
fail() { echo "installed: $*" >&2; exit 1; }

version=$1
shift
[ "$(ippactl --version)" = "ippactl $version" ] || fail "$(ippactl --version) and not of version $version"

shown=$(man ippactl | col -b 2>/dev/null || man ippactl)
grep -q '^NAME$' <<<"$shown" || fail "man ippactl has no NAME: $(head -n 5 <<<"$shown")"
grep -q '^ *ippactl . ' <<<"$shown" || fail "man ippactl does not say what ippactl is"
for page in "$@"; do
  said=$(man --warnings "$page" 2>&1 >/dev/null) || fail "man $page: $said"
  [ -z "$said" ] || fail "man $page warns: $said"
done

# Loaded by name, as bash-completion does it at the first Tab. It is not written for -eu.
set +eu
. /usr/share/bash-completion/bash_completion
if declare -F _comp_load >/dev/null; then _comp_load ippactl; else _completion_loader ippactl; fi
function=$(complete -p ippactl 2>/dev/null | sed -n 's/.*-F \([^ ]*\) .*/\1/p')
[ -n "$function" ] || fail "no function completes ippactl"

# completed WORD…: what comes in place of the last one.
completed() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$* COMP_TYPE=9 COMP_KEY=9
  COMP_POINT=${#COMP_LINE} COMPREPLY=()
  "$function" ippactl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  printf '%s\n' "${COMPREPLY[@]}"
}
expect() { # what has to be among them, then the words
  completed "${@:2}" | grep -qx -- "$1 *" || fail "after \"${*:2}\" $1 is not among: $(completed "${@:2}" | head -n 5)"
}
expect verify ippactl ver
expect --sandbox-state ippactl apply --sandbox-s
# Names that only the program knows.
expect subscription-missing ippactl explain subscription-mi
exit 0
