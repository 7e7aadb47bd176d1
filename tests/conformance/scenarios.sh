# What the real binary goes through: every playbook, changes by hand, faults and accounts, every release of a server.

playbooks_converge() {
  local path playbook
  for path in playbooks/*.yaml; do
    playbook=$(basename "$path")
    start_sandbox "${playbook%.yaml}"
    converge "$playbook"
    taken_back "$playbook"
    say "$playbook converges, and is taken back"
  done
}

# drift SQL: a change by hand is found, repaired, and gone.
drift() {
  control sql "$1"
  expect 2 verify two-node-uccx.yaml
  expect 0 apply two-node-uccx.yaml --yes --allow "$allow"
  expect 0 verify two-node-uccx.yaml
}

of_phone3="fkdevice in (select pkid from device where name = 'SEP001122330003')"
ours="fktelecasterservice in (select pkid from telecasterservice where name = 'Cisco Finesse')"
subscription="select pkid from telecastersubscribedservice where $of_phone3 and $ours"
of_ippa="fkapplicationuser in (select pkid from applicationuser where name = 'ippa')"

changes_by_hand() {
  start_sandbox drift
  converge two-node-uccx.yaml
  drift "update telecastersubscribedservice set serviceurl = 'http://old.example.com/' where $of_phone3 and $ours"
  drift "delete from telecastersubscribedparameter where fktelecastersubscribedservice in ($subscription)"
  drift "delete from telecastersubscribedservice where $of_phone3 and $ours"
  drift "delete from applicationuserdevicemap where $of_phone3 and $of_ippa"
  drift "delete from applicationuserdirgroupmap where $of_ippa"
  drift "update telecasterservice set enabled = 'f' where name = 'Cisco Finesse Secondary'"
  drift "update telecasterservice set urltemplate = 'http://old.example.com/' where name = 'Cisco Finesse'"
  drift "delete from telecasterservice where name = 'Cisco Finesse Secondary'"
  say "eight changes by hand are found and repaired"
}

# Goes on in the sandbox of the changes by hand. Throttling is waited out; a read-only account can verify and not write.
faults_and_accounts() {
  local playbook=two-node-uccx.yaml
  control fault '{"operation": "*", "times": 2, "kind": "503"}'
  expect 0 verify $playbook
  sed -i.bak 's/user: axladmin/user: axlreader/' "$work/playbooks/$playbook"
  expect 0 verify $playbook
  control sql "delete from telecastersubscribedservice where $of_phone3 and $ours"
  expect 2 verify $playbook
  expect 4 apply $playbook --yes --allow "$allow"
  say "throttling and a read-only account are told apart"
}

# IP Phone Agent speaks HTTPS from 12.5(1) on: anything earlier is refused, with the reason.
old_finesse_is_refused() {
  local release
  for release in '11.6(1)' '12.0(1)'; do
    control pin playbooks "$work/old-$release"
    control vary "$work/old-$release/two-node-uccx.yaml" uccx "$release" 11.5
    cp "$work/old-$release/two-node-uccx.yaml" "$work/playbooks/old.yaml"
    expect 64 validate old.yaml
    grep -q "Finesse $release serves the IP Phone Agent over HTTP only" "$log" ||
      { say "the reason is missing"; cat "$log"; exit 1; }
  done
  say "Finesse 11.6(1) and 12.0(1) are refused with the reason"
}

# Every release that a server may be: the version is negotiated, the bodies follow it.
a_server_per_release() {
  local version
  for version in 11.5 12.0 12.5 15.0; do
    start_sandbox "negotiated-$version" --release "$(full_release $version)"
    converge two-node-ucce.yaml
    expect 0 remove two-node-ucce.yaml --yes --allow "$allow"
    taken_back two-node-ucce.yaml
    say "a server of release $(full_release $version) converges"
  done
}
