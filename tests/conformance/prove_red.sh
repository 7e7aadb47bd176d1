# Shows that the run can fail: good exchanges of this run with one pair of elements swapped, in captured bytes.

capture_one() {
  start_sandbox two-node-uccx
  converge two-node-uccx.yaml
  stop_sandbox
}

prove_red() {
  "$python" $conformance/prove_red.py --schema "$schema" "$here/runs/two-node-uccx/record"
}
