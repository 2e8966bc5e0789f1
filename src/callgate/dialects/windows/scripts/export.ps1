#Requires -Version 5.1
# Prints the firewall as it is in force, policy included, as JSON for `callgate check`:
#
#   powershell -ExecutionPolicy Bypass -File export-firewall.ps1 > firewall.json
#
# Only reads. Rules are joined with their filters; each filter is fetched once for all rules.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$OutputEncoding = [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
$store = @{ PolicyStore = 'ActiveStore' }

function Get-ById($filters) {
    $found = @{}
    foreach ($filter in $filters) { $found[$filter.InstanceID] = $filter }
    $found
}
function Get-Text($value) { if ($null -eq $value) { $null } else { "$value" } }
function Get-List($value) { , @($value | ForEach-Object { "$_" }) }

$addresses = Get-ById (Get-NetFirewallAddressFilter @store)
$ports = Get-ById (Get-NetFirewallPortFilter @store)
$applications = Get-ById (Get-NetFirewallApplicationFilter @store)
$services = Get-ById (Get-NetFirewallServiceFilter @store)
$interfaces = Get-ById (Get-NetFirewallInterfaceFilter @store)
$types = Get-ById (Get-NetFirewallInterfaceTypeFilter @store)
$security = Get-ById (Get-NetFirewallSecurityFilter @store)

$rules = foreach ($rule in Get-NetFirewallRule @store) {
    $id = $rule.InstanceID
    [ordered]@{
        Name = $rule.Name
        DisplayName = $rule.DisplayName
        Group = $rule.Group
        Enabled = Get-Text $rule.Enabled
        Direction = Get-Text $rule.Direction
        Action = Get-Text $rule.Action
        Profile = Get-Text $rule.Profile
        Protocol = Get-Text $ports[$id].Protocol
        LocalPort = Get-List $ports[$id].LocalPort
        RemotePort = Get-List $ports[$id].RemotePort
        IcmpType = Get-List $ports[$id].IcmpType
        DynamicTarget = Get-Text $ports[$id].DynamicTarget
        LocalAddress = Get-List $addresses[$id].LocalAddress
        RemoteAddress = Get-List $addresses[$id].RemoteAddress
        Program = Get-Text $applications[$id].Program
        Package = Get-Text $applications[$id].Package
        Service = Get-Text $services[$id].Service
        InterfaceAlias = Get-List $interfaces[$id].InterfaceAlias
        InterfaceType = Get-Text $types[$id].InterfaceType
        Authentication = Get-Text $security[$id].Authentication
        Encryption = Get-Text $security[$id].Encryption
        OverrideBlockRules = [bool]$security[$id].OverrideBlockRules
        LocalUser = Get-Text $security[$id].LocalUser
        RemoteUser = Get-Text $security[$id].RemoteUser
        RemoteMachine = Get-Text $security[$id].RemoteMachine
        PolicyStoreSource = Get-Text $rule.PolicyStoreSource
    }
}
$profiles = foreach ($profile in Get-NetFirewallProfile @store) {
    [ordered]@{
        Name = $profile.Name
        Enabled = Get-Text $profile.Enabled
        DefaultInboundAction = Get-Text $profile.DefaultInboundAction
        DefaultOutboundAction = Get-Text $profile.DefaultOutboundAction
        AllowInboundRules = Get-Text $profile.AllowInboundRules
        AllowLocalFirewallRules = Get-Text $profile.AllowLocalFirewallRules
    }
}
[ordered]@{
    Schema = 'callgate.windows-export/1'
    Connections = @(Get-NetConnectionProfile | ForEach-Object { Get-Text $_.NetworkCategory })
    Profiles = @($profiles)
    Rules = @($rules)
} | ConvertTo-Json -Depth 5
