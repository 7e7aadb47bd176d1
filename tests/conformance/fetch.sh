# Installs the judge, the vendor's schema and the third-party clients, all pinned, into the build folder.

say() { printf 'conformance: %s\n' "$*"; }

python=$here/venv/bin/python
node_modules=$here/node/node_modules
# The schema is the vendor's: it comes with the npm package, and stays where that was installed.
schema=$node_modules/cisco-axl/schema

fetch() {
  local tool
  for tool in python3 node npm cargo; do
    command -v "$tool" >/dev/null || { say "$tool is missing"; exit 1; }
  done
  mkdir -p "$here/node"
  [ -x "$python" ] || python3 -m venv "$here/venv"
  if ! cmp -s $conformance/requirements.txt "$here/venv/installed.txt"; then
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps -r $conformance/requirements.txt
    cp $conformance/requirements.txt "$here/venv/installed.txt"
  fi
  # The lock file holds the digest of every package.
  if ! cmp -s $conformance/node/package-lock.json "$here/node/installed.json"; then
    cp $conformance/node/package*.json "$here/node/"
    npm ci --silent --prefix "$here/node" --ignore-scripts --no-audit --no-fund
    cp $conformance/node/package-lock.json "$here/node/installed.json"
  fi
}

judge() { "$python" $conformance/validate.py --schema "$schema" "$@"; }
