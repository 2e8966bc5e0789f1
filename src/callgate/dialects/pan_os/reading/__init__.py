"""What a PAN-OS firewall, or Panorama, does with a packet.

Theory of operation
-------------------
* A configuration is a tree (:mod:`.tree`), whether it was written as ``set`` commands, as XML
  or with braces. Order is kept: it is the order of rules.
* A packet meets the pre-rules of Panorama (shared ones first), the local rules, the post-rules,
  and then the two default rules: within a zone it passes, between zones it does not, unless
  they were overridden. Each virtual system and each device group is a way of its own.
* Zones are interfaces here, and a zone stands for the interfaces that it holds.
* An address may be of either family; objects of the virtual system hide shared ones.
* The firewall is stateful: answers pass by the session.
* Applications (App-ID), users, host profiles, URL categories, schedules, regions, external and
  dynamic lists are conditions, and so is a key of a rule that nobody here has heard of.

Source: PAN-OS Administrator's Guide, "Security Policy" and "Create a Security Policy Rule";
PAN-OS Web Interface Help, "Policies > Security", "Objects > Addresses", "Objects > Services";
Panorama Administrator's Guide, "Device Group Policies" and "Device Group Objects".
"""
