"""Exact answers about a proxy: which names it lets through, and whose TLS it opens (pure).

Theory of operation
-------------------
1. A need is every name of a pattern, so :mod:`.hosts` cuts the pattern into extents within
   which no list tells two names apart, and takes one request for each: the names that
   lists speak of, and for every depth a label that none speaks of.
2. :mod:`.course` walks one request through the configuration, line by line: access, the
   steps of inspection, and inside an opened connection access and the upgrade once more.
3. What the request does not tell (a login, the time) is answered both ways by :mod:`.forks`,
   so that an answer holds for all of it or names what it depends on.
4. :mod:`.judging` puts that together into verdicts, with a request and the line that
   decides it; :mod:`.answers` asks for a scenario; :mod:`.width` and :mod:`.entries` say
   what is exempt too widely and which entries are idle.
"""
