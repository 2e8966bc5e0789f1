"""What iptables' own match extensions take: options, and how many words follow each.

Source: iptables-extensions(8) and ``iptables -m NAME -h``, for those of xtables-addons
and of old kernels their own manuals. ``=`` after an option is one argument, ``==`` two.

How far a ``!`` can be trusted depends on the module. ``NEGATABLE`` ones answer the
opposite for *every* packet, so that ``! --mark 1`` and ``--mark 1`` are one condition and
its negation. Others (``mac``, ``rt``, ``policy``…) also say no to packets which they
cannot judge at all, with and without ``!``: there the ``!`` stays in the condition's text,
and the two conditions know nothing of each other.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Sense(Enum):
    """How the options of a module make one yes or no."""

    OPAQUE = auto()  #: all words together are one condition, ``!`` included
    WHOLE = auto()  #: one test with settings, which ``!`` turns round
    EACH = auto()  #: every option is a test of its own, and each ``!`` turns it round


@dataclass(frozen=True, slots=True)
class Module:
    """A match extension that is not modelled; ``options`` gives the arguments of each."""

    options: dict[str, int]
    sense: Sense = Sense.OPAQUE


def _module(options: str, sense: Sense = Sense.OPAQUE) -> Module:
    found = {word.rstrip("="): len(word) - len(word.rstrip("=")) for word in options.split()}
    return Module({f"--{name}": count for name, count in found.items()}, sense)


_RATE: Final = """hashlimit= hashlimit-upto= hashlimit-above= hashlimit-mode=
    hashlimit-srcmask= hashlimit-dstmask= hashlimit-name= hashlimit-burst=
    hashlimit-htable-size= hashlimit-htable-max= hashlimit-htable-gcinterval=
    hashlimit-htable-expire= hashlimit-rate-match hashlimit-rate-interval="""

#: Match extensions whose verdict is a condition.
VERBATIM: Final[dict[str, Module]] = {
    "account": _module("aaddr= aname= ashort"),
    "addrtype": _module("src-type= dst-type= limit-iface-in limit-iface-out", Sense.EACH),
    "ah": _module("ahspi= ahlen= ahres"),
    "bpf": _module("bytecode= object-pinned="),
    "cgroup": _module("path= cgroup="),
    "cluster": _module(
        "cluster-total-nodes= cluster-local-node= cluster-local-nodemask= cluster-hash-seed="
    ),
    "condition": _module("condition=", Sense.WHOLE),
    "connbytes": _module("connbytes= connbytes-dir= connbytes-mode="),
    "connlabel": _module("label= set"),
    "connlimit": _module(
        "connlimit-upto= connlimit-above= connlimit-mask= connlimit-saddr connlimit-daddr",
        Sense.WHOLE,
    ),
    "connmark": _module("mark="),
    "cpu": _module("cpu=", Sense.EACH),
    "devgroup": _module("src-group= dst-group=", Sense.EACH),
    "dscp": _module("dscp= dscp-class=", Sense.EACH),
    "dst": _module("dst-len= dst-opts= dst-not-strict"),
    "ecn": _module("ecn-tcp-cwr ecn-tcp-ece ecn-ip-ect="),
    "esp": _module("espspi="),
    "eui64": _module(""),
    "frag": _module("fragid= fraglen= fragres fragfirst fragmore fraglast"),
    "geoip": _module("src-cc= dst-cc= source-country= destination-country="),
    "hashlimit": _module(_RATE),
    "hbh": _module("hbh-len= hbh-opts= hbh-not-strict"),
    "helper": _module("helper=", Sense.WHOLE),
    "hl": _module("hl-eq= hl-lt= hl-gt= hl=", Sense.EACH),
    "iface": _module("iface= dev-in dev-out up down broadcast loopback"),
    "ipcomp": _module("ipcompspi="),
    "ipp2p": _module("ipp2p edk dc kazaa gnu bit apple winmx soul ares"),
    "ipv6header": _module("header= soft"),
    "ipvs": _module("ipvs vproto= vaddr= vport= vdir= vmethod= vportctl="),
    "layer7": _module("l7dir= l7proto="),
    "length": _module("length=", Sense.EACH),
    "limit": _module("limit= limit-burst="),
    "mac": _module("mac-source="),
    "mark": _module("mark=", Sense.EACH),
    "mh": _module("mh-type="),
    "nth": _module("every= counter= start= packet="),
    "osf": _module("genre= ttl= log="),
    "owner": _module(
        "uid-owner= gid-owner= socket-exists suppl-groups pid-owner= sid-owner= cmd-owner="
    ),
    "physdev": _module(
        "physdev-in= physdev-out= physdev-is-in physdev-is-out physdev-is-bridged"
    ),
    "pkttype": _module("pkt-type=", Sense.EACH),
    "policy": _module(
        "dir= pol= strict reqid= spi= proto= mode= tunnel-src= tunnel-dst= next"
    ),
    "psd": _module("psd-weight-threshold= psd-delay-threshold= psd-lo-ports-weight= "
                   "psd-hi-ports-weight="),
    "quota": _module("quota="),
    "random": _module("average="),
    "rateest": _module(
        "rateest1= rateest2= rateest= rateest-delta rateest-bps1= rateest-pps1= rateest-bps2="
        " rateest-pps2= rateest-bps= rateest-pps= rateest-lt rateest-gt rateest-eq"
    ),
    "realm": _module("realm=", Sense.EACH),
    "recent": _module(
        "set rcheck update remove seconds= reap hitcount= rttl name= rsource rdest mask=",
        Sense.WHOLE,
    ),
    "rpfilter": _module("loose validmark accept-local invert"),
    "rt": _module("rt-type= rt-segsleft= rt-len= rt-0-res rt-0-addrs= rt-0-not-strict"),
    "socket": _module("nowildcard transparent restore-skmark"),
    "srh": _module(
        "srh-next-hdr= srh-hdr-len-eq= srh-hdr-len-gt= srh-hdr-len-lt= srh-segs-left-eq="
        " srh-segs-left-gt= srh-segs-left-lt= srh-last-entry-eq= srh-last-entry-gt="
        " srh-last-entry-lt= srh-tag= srh-psid= srh-nsid= srh-lsid="
    ),
    "statistic": _module("mode= probability= every= packet="),
    "string": _module("from= to= algo= icase string= hex-string=", Sense.WHOLE),
    "tcpmss": _module("mss="),
    "time": _module(
        "datestart= datestop= timestart= timestop= monthdays= weekdays= days= kerneltz"
        " contiguous utc localtz"
    ),
    "tos": _module("tos=", Sense.EACH),
    "ttl": _module("ttl-eq= ttl-lt= ttl-gt= ttl=", Sense.EACH),
    "u32": _module("u32=", Sense.WHOLE),
    "unclean": _module(""),
}  # fmt: skip

#: Modules that count, draw or learn: two rules with the same words are two tests.
COUNTING: Final = frozenset(
    {
        *("account", "connlimit", "hashlimit", "limit", "nth", "psd", "quota", "random"),
        *("rateest", "recent", "statistic"),
    }
)
#: Modules that test what rules may set.
MARKS: Final = frozenset({"connmark", "mark"})

#: Options of modelled modules that are conditions all the same.
EXTRA: Final[dict[str, Module]] = {
    "tcp": _module("tcp-option="),
    "sctp": _module("chunk-types=="),
    "dccp": _module("dccp-types= dccp-option="),
    "conntrack": _module(
        "ctproto= ctorigsrc= ctorigdst= ctreplsrc= ctrepldst= ctorigsrcport= ctorigdstport="
        " ctreplsrcport= ctrepldstport= ctstatus= ctexpire= ctdir="
    ),
}
#: Modules whose options are modelled, or mean nothing to a filter.
MODELLED: Final = frozenset(
    {
        *("tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmp6", "multiport", "mport"),
        *("state", "conntrack", "iprange", "comment", "nfacct", "set", "standard"),
    }
)
