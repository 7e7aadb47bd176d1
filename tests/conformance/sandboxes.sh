# One sandbox process per scenario, and the real binary run against it.

export AXL_PASSWORD=sandbox-demo IPPA_PASSWORD=Conformance1 JOURNAL_KEY=Conformance2
export FINESSE_PASSWORD=sandbox-demo FINESSE_OS_PASSWORD=sandbox-demo RIS_PASSWORD=sandbox-demo
allow=replace-service,clear-values,cluster-wide,removal,sql,restart,phone-reset

# The full release that a server of each AXL version plays.
full_release() {
  case $1 in
    11.5) echo '11.5.1.21900(40)' ;;
    12.0) echo '12.0.1.10000(10)' ;;
    12.5) echo '12.5.1.11900(146)' ;;
    14.0) echo '14.0.1.13900(155)' ;;
    15.0) echo '15.0.1.11900(23)' ;;
  esac
}

# side_by_side COMMANDS…: each in a shell of its own, at once; what they say comes in order. Sets $failed.
side_by_side() {
  local commands number=0 pids=()
  for commands in "$@"; do
    number=$((number + 1))
    (set -e; trap stop_sandbox EXIT; eval "$commands") >"$here/runs/side-$number.log" 2>&1 &
    pids+=($!)
  done
  for number in "${!pids[@]}"; do
    wait "${pids[$number]}" || { failed=1; say "a scenario failed; what was captured is judged all the same:"; }
    cat "$here/runs/side-$((number + 1)).log"
  done
}

sandbox_pid= tunnel_pid=
stop_sandbox() {
  local pid
  for pid in $tunnel_pid $sandbox_pid; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  sandbox_pid= tunnel_pid=
}
trap stop_sandbox EXIT

# await FILE WHAT: until somebody has written the file.
await() {
  local _
  for _ in $(seq 600); do
    [ -s "$1" ] && return
    kill -0 "$sandbox_pid" 2>/dev/null || break
    sleep 0.1
  done
  [ -s "$1" ] || { say "$(basename "$work"): $2 is not there"; cat "$work/sandbox.log"; exit 1; }
}

# start_sandbox NAME [FLAGS…]: sets $work (the scenario's folder), $map and the playbooks with the sandbox's pins.
start_sandbox() {
  stop_sandbox
  work=$here/runs/$1
  shift
  mkdir -p "$work/record"
  "$ippactl" sandbox --ready "$work/ready.json" --record "$work/record" --keys "$here/keys" "$@" >"$work/sandbox.log" 2>&1 </dev/null &
  sandbox_pid=$!
  await "$work/ready.json" "the sandbox"
  readarray -t map < <(control map | sed 's/^/--connect-to=/')
  control pin playbooks "$work/playbooks"
  control trust "$work/state"
  runs=0
}
control() { "$python" $conformance/control.py "$work/ready.json" "$@"; }

# expect CODE COMMAND PLAYBOOK [FLAGS…]: runs the binary and holds it to its exit code.
expect() {
  local code=$1 command=$2 playbook=$3 got=0
  shift 3
  runs=$((runs + 1))
  log=$work/$(printf '%02d' "$runs")-$command.log
  local connection=("${map[@]}" --no-input --state-dir "$work/state")
  [ "$command" = validate ] && connection=()
  "$ippactl" "$command" "$work/playbooks/$playbook" "${connection[@]}" "$@" >"$log" 2>&1 </dev/null || got=$?
  if [ "$got" != "$code" ]; then
    say "$(basename "$work"): $command $playbook $* ended with $got, not $code"
    tail -n 40 "$log"
    exit 1
  fi
}

# taken_back PLAYBOOK: the newest run is taken back; what a person did at a console is named, and left to a person (3).
taken_back() {
  local got=0
  runs=$((runs + 1))
  log=$work/$(printf '%02d' "$runs")-undo.log
  "$ippactl" undo --playbook "$work/playbooks/$1" "${map[@]}" --no-input --state-dir "$work/state" \
    --yes --allow "$allow" >"$log" 2>&1 </dev/null || got=$?
  if [ "$got" != 0 ] && [ "$got" != 3 ]; then
    say "$(basename "$work"): undo of $1 ended with $got"
    tail -n 40 "$log"
    exit 1
  fi
}

# How many AXL writes this sandbox has seen.
writes() {
  "$python" - "$work/record" <<'PYTHON'
import json, pathlib, sys
reads = ("get", "list", "executeSQLQuery")
about = [json.loads(p.read_text()) for p in pathlib.Path(sys.argv[1]).glob("*.json")]
print(sum(not a["operation"].startswith(reads) for a in about))
PYTHON
}

# Does the plan's steps for a person; sets $said to the flags that say so.
said=()
by_hand() {
  "$ippactl" plan "$work/playbooks/$1" "${map[@]}" --no-input --state-dir "$work/state" --output json \
    >"$work/plan.json" 2>"$work/plan.log" </dev/null
  readarray -t said < <(control operator "$work/plan.json")
}

# From what the sandbox was seeded with to in sync; a second apply writes nothing, and what is exported then plans empty.
# Sets $wrote.
converge() {
  local playbook=$1
  expect 0 validate "$playbook"
  expect 2 plan "$playbook" --detailed-exitcode
  expect 2 verify "$playbook"
  by_hand "$playbook"
  expect 0 apply "$playbook" --yes --allow "$allow" "${said[@]}"
  wrote=$(writes)
  [ "$wrote" -gt 0 ] || { say "$playbook: apply wrote nothing"; exit 1; }
  expect 0 apply "$playbook" --yes --allow "$allow"
  [ "$(writes)" = "$wrote" ] || { say "$playbook: a second apply wrote again"; exit 1; }
  expect 0 plan "$playbook" --detailed-exitcode
  expect 0 verify "$playbook"
  expect 0 export "$playbook" --out "$work/exported-${playbook%.yaml}"
  expect 0 plan "../exported-${playbook%.yaml}/${playbook%.yaml}.yaml" --detailed-exitcode
}
