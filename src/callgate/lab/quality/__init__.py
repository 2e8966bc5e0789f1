"""What a relay's protocol does to a call over a bad link, measured.

Theory of operation
-------------------
A client, coturn and a media server, each in a network namespace; the link between client
and coturn is impaired. For each *cell* (traffic, round trip, loss, relay) the client
allocates over an unimpaired link (its delay apart), the loss begins, and media goes client
→ relay → media server for some seconds, as channel data. Each packet carries the time at
which it was sent, and the media server knows when it came: both read the one monotonic
clock of the machine, so the one-way delay needs no guess.

What the machine itself spoils is noticed (:mod:`callgate.lab.quality.health`), and such a
cell is void. The raw delays are kept; :mod:`callgate.lab.quality.figures` makes of them
what is shown.
"""
