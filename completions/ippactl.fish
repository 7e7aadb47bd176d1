# fish completion for ippactl. It asks ippactl itself, which knows its flags, and looks up playbooks, devices, runs and
# checks. Printed by `ippactl completions fish`.

function __ippactl_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -e words[1]
    ippactl __complete fish $words (commandline --current-token --cut-at-cursor) 2>/dev/null
end

complete --command ippactl --no-files --keep-order --arguments '(__ippactl_complete)'
