"""Proxy auto-configuration files: run in a sandbox, questioned, read and explained.

Theory of operation
-------------------
* A PAC file is a program that somebody else wrote. It is never run in this process: a
  child without environment, files or network (:mod:`.worker`) loads it into an engine
  with bounds on time, memory and stack, and says what it answers (:mod:`.sandbox`).
* The functions that a PAC file may call are our own, in ``js/library.js``, and do what
  Chromium's do, oddities included. DNS answers, the client's address and the clock are
  values that the user gives; a file that asks for one that was not given gets an answer
  of which we say that it hangs on it.
* Three readers matter, and they differ (:mod:`.readers`): what they show of a URL, which
  functions they have, how they decode the file, how long it may be.
* A parser that we did not write (tree-sitter) finds statements and conditions. Probes
  around them (:mod:`.probes`) tell which one decided; lint reads the same tree.
"""
