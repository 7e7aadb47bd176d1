# bash completion for ippactl. It asks ippactl itself, which knows its flags, and looks up playbooks, devices, runs and
# checks. Printed by `ippactl completions bash`.

_ippactl() {
    # bash breaks words at = and : too; what was typed is put together again.
    local line=${COMP_LINE:0:COMP_POINT} words=() i trimmed piece
    for ((i = 0; i <= COMP_CWORD; i++)); do
        trimmed=${line#"${line%%[![:space:]]*}"}
        piece=${COMP_WORDS[i]}
        [[ $i -eq $COMP_CWORD ]] && piece=$trimmed
        if [[ ${#words[@]} -gt 0 && $trimmed == "$line" ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            words+=("$piece")
        fi
        line=${trimmed#"$piece"}
    done
    local current=${words[${#words[@]} - 1]}

    # And it replaces what stands after the last of them only.
    local breaks='' head='' candidate
    [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
    [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
    [[ -n $breaks ]] && head=${current%"${current##*[$breaks]}"}

    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("${candidate#"$head"}")
    done < <(ippactl __complete bash "${words[@]:1}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=:/,] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F _ippactl ippactl
