"""The faults of the lab and their truths, read off the registry."""

from callgate.cli.lab_faults import fault_table
from callgate.lab.faults.registry import BUILT_IN

INTRODUCTION = """\
# Faults and their truths

Every fault that comes with Callgate, and what it makes of each path of a network that is
healthy besides. Paths that are not named work. [Faults](faults.md) says what the words mean.
"""


def fault_page() -> str:
    """One row for each fault."""
    return f"{INTRODUCTION}\n{fault_table(list(BUILT_IN.values())).markdown()}"
