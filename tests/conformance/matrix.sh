# AXL release × product, each with a Finesse release that suits: applied, a second apply writes nothing, the plan is empty,
# verify ends with 0, and both nodes were restarted in order.

# The compatibility matrices pair them: UCCX has no 12.6; 15.0(1) goes with CUCM 15.
finesse_release() {
  case $1/$2 in
    15.0/*) echo '15.0(1)' ;;
    11.5/uccx | 12.0/uccx) echo '12.5(1)SU2' ;;
    */uccx) echo '12.5(1)SU3' ;;
    11.5/* | 12.0/*) echo '12.5(1)' ;;
    *) echo '12.6(1)' ;;
  esac
}

# Each has Finesse's settings and the ordered restart of both nodes in it.
main_playbook() {
  case $1 in
    uccx) echo reference.yaml ;;
    *) echo pcce-site.yaml ;;
  esac
}

# One line per combination for the table; one that fails is a cell that fails, and the others go on.
matrix() {
  local version product
  for version in 11.5 12.0 12.5 14.0 15.0; do
    for product in uccx ucce pcce; do
      (trap stop_sandbox EXIT; one_combination $version $product) ||
        printf '%s\t%s\t%s\tFAILS\n' $version $product "$(finesse_release $version $product)" >>"$here/runs/matrix.tsv"
    done
  done
}

# The version is written down, not negotiated. Every command that may fail says so itself: `||` above takes `-e` away.
one_combination() {
  local version=$1 product=$2 finesse playbook
  finesse=$(finesse_release "$version" "$product")
  playbook=$(main_playbook "$product")
  start_sandbox "matrix-$version-$product" --release "$(full_release "$version")" --product "$product" \
    --finesse-release "$finesse"
  control vary "$work/playbooks/$playbook" "$product" "$finesse" "$version" || exit 1
  converge "$playbook"
  restarted_in_order
  printf '%s\t%s\t%s\t%s\n' "$version" "$product" "$finesse" "wrote $wrote, then 0" >>"$here/runs/matrix.tsv"
  say "release $version with $product and Finesse $finesse converges"
}

# Each node once, the primary first, and the secondary only after replication.
restarted_in_order() {
  local order
  order=$(control restarts)
  [[ $order =~ ^(replicated )?fin-a\.example\.com\ replicated\ fin-b\.example\.com(\ replicated)?$ ]] ||
    { say "$(basename "$work"): restarts came as: $order"; exit 1; }
}
