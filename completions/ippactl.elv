# elvish completion for ippactl. It asks ippactl itself, which knows its flags, and looks up playbooks, devices, runs and
# checks. Printed by `ippactl completions elvish`.

use str

set edit:completion:arg-completer[ippactl] = {|@words|
    var lines = []
    try {
        set lines = [(e:ippactl __complete elvish (all $words[1..]) 2>/dev/null | from-lines)]
    } catch { }
    for line $lines {
        var value @meaning = (str:split "\t" $line)
        var display = $value
        if (not-eq $meaning []) {
            set display = $value' ('$meaning[0]')'
        }
        # After these more is to be typed.
        var suffix = ' '
        for sign [= ':' / ,] {
            if (str:has-suffix $value $sign) {
                set suffix = ''
            }
        }
        edit:complex-candidate $value &display=$display &code-suffix=$suffix
    }
}
