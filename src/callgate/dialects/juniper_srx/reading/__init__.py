"""What an SRX does with a packet that it forwards.

Theory of operation
-------------------
* A configuration is a list of statements, each a path of words (:mod:`.statements`), whether it
  was written as ``set`` lines or with braces. Order is kept: it is the order of policies.
* A packet between two zones meets the policies of that pair, then the global ones, then the
  default policy, which denies unless it says ``permit-all``. Within a zone that holds too.
* Zones are interfaces here: a policy's zones are what it says of interfaces, and a zone stands
  for the logical interfaces that it holds.
* The firewall is stateful: answers pass. Firewall *filters* on interfaces are stateless, and
  are reported where they are bound: they are not modelled.
* Schedulers, users, dynamic applications and names of sources are conditions.

Source: Junos OS, "Security Policies User Guide for Security Devices"; "Address Books and
Address Sets"; "Predefined Policy Applications"; CLI Reference, ``default-policy``.
"""
