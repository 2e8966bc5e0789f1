"""What a FortiGate does with a packet that it forwards.

Theory of operation
-------------------
* A configuration is tables of edits (:mod:`.tables`). Policies are tried in the order in which
  they stand, not by their numbers; what none takes is denied by the implicit policy 0.
* A policy names interfaces or zones; ``any`` is every one. A zone stands for its members too.
* Since 6.4 one policy holds addresses of both families, ``srcaddr`` and ``srcaddr6``; before,
  ``policy6`` is a table of its own.
* The firewall is stateful: answers pass by the session table.
* Schedules, users, internet services, geography and dynamic objects are conditions. A key of
  a policy that nobody here has heard of makes it a condition too.

Source: "FortiOS CLI Reference", config firewall policy, address, address6, addrgrp, service
custom, service group, system zone; "FortiOS Administration Guide", Firewall policy.
"""
