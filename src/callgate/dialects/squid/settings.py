"""What the options of ``squid`` say, checked."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from callgate.dialects.base import Option
from callgate.errors import UsageError
from callgate.policy.model import Policy
from callgate.policy.site import Apply, Inspection

#: A path without anything that squid.conf could read as more than a path.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._-]+)+")
_PATHS: Final = ("certificate", "store", "helper")


class Tls(Enum):
    """What Squid does with TLS inside CONNECT."""

    PLAIN = "plain"  # it does not look
    SPLICE = "splice"  # it reads the server's name and opens nothing
    BUMP = "bump"  # it opens everything but the application's names

    def __str__(self) -> str:
        return self.value


OPTIONS: Final = (
    Option(
        "tls",
        "What Squid does with TLS: not look, read the server's name only, or inspect "
        "everything but the application. Left out: bump where the site inspects, else plain.",
        tuple(str(each) for each in Tls),
    ),
    Option(
        "certificate",
        "File with the certificate and key of the inspecting authority (whole file only).",
        default="/etc/squid/callgate-ca.pem",
    ),
    Option(
        "store",
        "Folder of forged certificates (whole file only).",
        default="/var/lib/squid/ssl_db",
    ),
    Option(
        "helper",
        "Squid's program that forges certificates (whole file only).",
        default="/usr/lib/squid/security_file_certgen",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one run; the paths are of use in a whole file that looks into TLS."""

    tls: Tls
    certificate: str
    store: str
    helper: str

    @classmethod
    def of(cls, policy: Policy, values: dict[str, str]) -> "Settings":
        """The options of a policy; UsageError for what cannot be or would do nothing."""
        inspects = policy.inspection is not Inspection.NONE
        tls = Tls(values["tls"] or ("bump" if inspects else "plain"))
        for name in _PATHS:
            if not _PATH.fullmatch(values[name]):
                raise UsageError(f"option {name}: {values[name]!r} is not an absolute path")
            if name in policy.target.options and (tls is Tls.PLAIN or policy.apply is Apply.MERGE):
                raise UsageError(
                    f"option {name} would do nothing here",
                    hint="it is for a whole file with --option tls=splice or tls=bump",
                )
        return cls(tls, *(values[name] for name in _PATHS))
