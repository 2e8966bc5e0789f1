"""What the Windows firewall does with a packet, from an export or from a script of rules.

Theory of operation
-------------------
* A rule holds for the profiles that it names, so each profile is a way of its own, out and in:
  ``outbound domain``. The way that the machine's present connection takes is found first.
* Precedence is by kind and not by order: rules that override blocks, then blocks, then allows,
  then the profile's default. That *is* a first-match list.
* The firewall is stateful: answers pass. A profile that is switched off passes everything.
* Program, package, service, user, interface type and IPsec are conditions, and so are keywords
  for addresses and ports (``LocalSubnet``, ``RPC``) that the machine alone can resolve.

Source: Microsoft Learn, "Windows Firewall rules" (rule precedence); NetSecurity module,
``New-NetFirewallRule``, ``Set-NetFirewallProfile``; [MS-FASP] 2.2.36 for what NotConfigured is.
"""
