#Requires -Version 5.1
#Requires -RunAsAdministrator
# Removes the rules of the group Callgate and puts the default for outbound traffic back.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$state = Join-Path $PSScriptRoot 'callgate-state.json'
if (-not (Test-Path $state)) { throw "callgate: nothing to roll back: $state is not there" }
foreach ($profile in (Get-Content -Raw -Encoding UTF8 $state | ConvertFrom-Json)) {
    Set-NetFirewallProfile -Name $profile.Name -DefaultOutboundAction $profile.DefaultOutboundAction
}
Get-NetFirewallRule -Group 'Callgate' -ErrorAction SilentlyContinue | Remove-NetFirewallRule
Remove-Item $state
