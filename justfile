# The verbs of this repository; `just` alone lists them.

_default:
    @just --list

# what a change has to pass before it is merged
ci:
    .ci/run

# fast checks while writing
check:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings

# all tests in Rust
test *args:
    cargo test --locked {{ args }}

# what goes over the wire, against the vendor's schema
conformance:
    tests/conformance/run

# the Debian package on a clean Debian, and what is written for machines that are not here; needs root
packages:
    tests/packages/run

# kills, cut connections and storms at full size; totals in target/soak/report.json
soak:
    IPPACTL_SOAK=full cargo test --release --locked --test soak -- --nocapture --test-threads 1

# what docs/performance.md tells, measured and held to its limits; results in target/bench/results.json
bench *args:
    cargo build --release --locked
    benches/run {{ args }}

# the first command of the README
demo:
    cargo run --release --locked -- apply playbooks/two-node-uccx.yaml --sandbox --yes

# ten million cases of everything foreign, optimised; `just fuzz 100000 7` takes other numbers of cases and seeds
fuzz cases="10000000" seed="20260101":
    cargo test --locked --release --test fuzz -- --cases {{ cases }} --seed {{ seed }}

# writes what is made from the program: docs/cli.md, docs/troubleshooting.md, docs/playbook.md, man/, completions/, schemas/
generate:
    IPPACTL_GENERATE=1 cargo test --locked --test main generated

# licences, sources and duplicates of the dependencies
deny:
    cargo deny check bans licenses sources

# formats the code
fmt:
    cargo fmt
