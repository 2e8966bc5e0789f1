$older | Remove-NetFirewallRule
