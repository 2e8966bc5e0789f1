"""Which path does a call take from here, and who blocks the better ones.

Theory of operation
-------------------

Three pure steps, and one that touches the network::

    profile + site ──► schedule ──► wire ──► events ──► classify ──► diagnosis
                        (pure)    (asyncio)             (pure)        (pure)

* :mod:`.schedule` says what will be tried: every path of the profile's ladder, the signalling
  that every call needs, and controls. All of it starts at once; nothing waits for the failure
  of something else.
* :mod:`.wire` does it and writes a log of :mod:`.events`. It decides nothing.
* :mod:`.classify` reads the log. **Hard evidence** (a 401, a 101, a reset, an ICMP error with
  its sender, a status, an issuer) ends a path. **Silence** is only called a drop when a
  control answered in the same run; else it is inconclusive.
* :mod:`.diagnosis` says what a call does now, what is the best that it could do, and the one
  change that gets there.
"""
