//! Examples of help texts: each has what it is for at two spaces, and its lines at four (`cli/reference` reads them).

pub(super) const IPPACTL: &str = "Examples:
  A first playbook, what it would do, and doing it; no cluster is needed:
    ippactl init --sandbox --out site.yaml
    ippactl plan site.yaml --sandbox
    ippactl apply site.yaml --sandbox --yes
  What a finding or an error means:
    ippactl explain subscription-missing

Exit codes: 0 done or in sync, 1 failed, 2 changes pending or drift, 3 incomplete, 4 credentials refused \
or a role missing, 5 refused by a safety rule, 64 usage or an invalid playbook, 130 interrupted.";

pub(super) const INIT: &str = "A password whose place is not given is looked for in the environment: AXL_PASSWORD, IPPA_PASSWORD, \
FINESSE_PASSWORD, FINESSE_OS_PASSWORD. Without a terminal, every question that has a default is answered by it.

Examples:
  Asked one thing at a time:
    ippactl init
  To see what is asked, without a cluster:
    ippactl init --sandbox";

pub(super) const VALIDATE: &str = "Examples:
  Before a change is committed:
    ippactl validate emea.yaml apac.yaml";

pub(super) const PLAN: &str = "Examples:
  What would be done, in groups; then every object and value:
    ippactl plan site.yaml
    ippactl plan site.yaml --full
  In a pipeline: a comment for the merge request, exit code 2 when there is something to do:
    ippactl plan site.yaml --no-input --detailed-exitcode --report markdown=plan.md";

pub(super) const APPLY: &str = "Examples:
  At a terminal, with a question before the first write:
    ippactl apply site.yaml
  What was reviewed and nothing else, without a terminal:
    ippactl apply site.yaml --expect 7d1f0c52a9be4e61 --yes --allow restart
  Three phones first:
    ippactl apply site.yaml --canary 3";

pub(super) const UNDO: &str = "Examples:
  The newest run, first only shown:
    ippactl undo --dry-run
    ippactl undo
  One that `ippactl runs` lists, by the beginning of its name:
    ippactl undo 2026-03-01";

pub(super) const REMOVE: &str = "Examples:
  What would be taken away, and taking it away:
    ippactl remove site.yaml --dry-run
    ippactl remove site.yaml --yes --allow removal";

pub(super) const VERIFY: &str = "Examples:
  Once:
    ippactl verify site.yaml
  Every night, with evidence that is kept and a page for people:
    ippactl verify site.yaml --no-input --history evidence --report html=site.html
  Several deployments, for code scanning and a spreadsheet:
    ippactl verify emea.yaml apac.yaml --report sarif=all.sarif --report csv=all.csv";

pub(super) const DOCTOR: &str = "Examples:
  Before the first plan:
    ippactl doctor site.yaml
  And five phones' own web servers:
    ippactl doctor site.yaml --probe-phones";

pub(super) const EXPORT: &str = "Examples:
  A site that was set up by hand:
    ippactl export --publisher cucm-pub.example.com --axl-user axladmin --out site";

pub(super) const CAPTURE: &str = "Examples:
  Rehearse a site before its maintenance window:
    ippactl capture site.yaml --out site-capture
    ippactl sandbox --from site-capture --ready ready.json";

pub(super) const SANDBOX: &str = "Examples:
  A cluster to point at, until Ctrl-C; its addresses and pins are in the file:
    ippactl sandbox --ready ready.json
  A larger one, which answers like a slow publisher:
    ippactl sandbox --phones 1000 --read-time 200 --write-time 300";

pub(super) const EXPLAIN: &str = "Examples:
  One, and all of them:
    ippactl explain certificate-expiring
    ippactl explain";

pub(super) const SCHEMA: &str = "Examples:
  Keys and words of a playbook, for an editor:
    ippactl schema playbook > ippactl.schema.json
  What --output json prints:
    ippactl schema report";

pub(super) const COMPLETIONS: &str = "Examples:
  bash, at every start; with the package bash-completion a file does, which is read when it is needed:
    source <(ippactl completions bash)
    ippactl completions bash > ~/.local/share/bash-completion/completions/ippactl
  zsh, behind compinit; or as a file in a folder of $fpath:
    source <(ippactl completions zsh)
    ippactl completions zsh > ~/.zfunc/_ippactl
  fish:
    ippactl completions fish > ~/.config/fish/completions/ippactl.fish
  PowerShell:
    ippactl completions powershell >> $PROFILE
  elvish:
    ippactl completions elvish >> ~/.config/elvish/rc.elv";

pub(super) const MAN: &str = "Examples:
  Read a page that is not installed:
    ippactl man sso login | man -l -
  Install all of them:
    ippactl man --out ~/.local/share/man/man1";

pub(super) const LOGIN: &str = "Examples:
  Asked for:
    ippactl login emea/axl
  From a program that knows it:
    pass show voice/axl | ippactl login emea/axl";

pub(super) const TRUST_SHOW: &str = "Examples:
  The lines for `tls.pins`:
    ippactl trust show cucm-pub.example.com:8443";

pub(super) const MERGE: &str = "Examples:
  One report of the parts that four machines made:
    ippactl report merge part-1.json part-2.json part-3.json part-4.json --report html=all.html";

pub(super) const DIFF: &str = "Examples:
  What is new since last week:
    ippactl report diff last-week.json today.json";

pub(super) const SUBSCRIBE: &str = "Examples:
  Every phone of the roster that is not subscribed yet:
    ippactl subscribe site.yaml
  One phone, by hand:
    ippactl subscribe site.yaml --device SEP001122334455 --id 1001 --extension 2001
  First only shown:
    ippactl subscribe site.yaml --roster new-agents.csv --dry-run";

pub(super) const PHONE_SETTINGS: &str = "Examples:
  These thirty phones:
    ippactl phone-settings site.yaml --device - < thirty-phones.txt";

pub(super) const APP_USER: &str = "Examples:
  The user, its groups, and all phones of the roster:
    ippactl app-user site.yaml
  Without a playbook:
    ippactl app-user --publisher cucm-pub.example.com --finesse fin-a.example.com --product uccx --release '12.5(1)SU3' --axl-user axladmin --app-user ippa --device SEP001122334455";

pub(super) const CERTIFICATES: &str = "Examples:
  What is missing in which trust store, and importing it:
    ippactl certificates site.yaml --dry-run
    ippactl certificates site.yaml";

pub(super) const RESTART: &str = "Examples:
  The restarts that earlier runs left owed:
    ippactl restart site.yaml --yes --allow restart";

pub(super) const SSO_LOGIN: &str = "Examples:
  In a browser, on this machine:
    ippactl sso login site.yaml --agent 1001 --open
  Without a browser; the password is asked for:
    ippactl sso login site.yaml --agent 1001 --idp forms --idp-user user@example.com";

pub(super) const SSO_EXEC: &str = "Examples:
  A program that reads the token from the environment:
    ippactl sso exec site.yaml --agent 1001 -- ./agent-report";

pub(super) const AGENT_CALL: &str = "Examples:
  With the token that `ippactl sso login` has kept:
    ippactl agent call site.yaml --agent 1001 --to 2002";
