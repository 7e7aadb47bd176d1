# PowerShell completion for ippactl. It asks ippactl itself, which knows its flags, and looks up playbooks, devices, runs and
# checks. Printed by `ippactl completions powershell`.

Register-ArgumentCompleter -Native -CommandName 'ippactl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements |
        Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text })
    # An empty argument would not arrive: the word that is being typed follows a sign.
    ippactl __complete powershell $words "=$wordToComplete" 2>$null | ForEach-Object {
        $value, $meaning = $_ -split "`t", 2
        if (-not $meaning) { $meaning = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
    }
}
