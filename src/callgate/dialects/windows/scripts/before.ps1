#Requires -Version 5.1
#Requires -RunAsAdministrator
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$state = Join-Path $PSScriptRoot 'callgate-state.json'
if (-not (Test-Path $state)) { Get-NetFirewallProfile | Select-Object -Property 'Name', @{ Name = 'DefaultOutboundAction'; Expression = { "$($_.DefaultOutboundAction)" } } | ConvertTo-Json | Set-Content -Encoding UTF8 $state }
$older = @(Get-NetFirewallRule -Group 'Callgate' -ErrorAction SilentlyContinue)
if ($older | Where-Object { $_.Name -eq '@LAST@' }) { Write-Host 'callgate: these rules are there already'; return }
$older | Where-Object { $_.Name -like 'callgate-@DIGEST@-*' } | Remove-NetFirewallRule
$older = @($older | Where-Object { $_.Name -notlike 'callgate-@DIGEST@-*' })
