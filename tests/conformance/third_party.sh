# Third-party clients, unpatched, against a sandbox process of the matching release, over TLS with its real name.

third_party() {
  local client=$1 version release
  for version in 11.5 12.0 12.5 14.0 15.0; do
    release=$(full_release $version)
    start_sandbox "third-$client-$version" --release "$release"
    control certificate "$work/ca.pem"
    "$python" $conformance/third_party/tunnel.py "$work/ready.json" "$work/tunnel.port" >"$work/tunnel.log" 2>&1 &
    tunnel_pid=$!
    await "$work/tunnel.port" "the tunnel"
    "$python" $conformance/third_party/drive.py $client $version --plays "$release" --ready "$work/ready.json" \
      --record "$work/record" --proxy "http://127.0.0.1:$(cat "$work/tunnel.port")" --certificate "$work/ca.pem" \
      --schema "$schema" --node-modules "$node_modules" --result "$work/result.json" || third_failed=1
  done
  # Goes on after a failure, so that the table shows every cell; the table fails.
  [ -z "${third_failed:-}" ] || say "$client does not agree with the sandbox"
}
