"""Getting the right to make network namespaces, for the commands that need it."""

import os
import sys

from callgate.cli.terminal import note
from callgate.netns import Rights, clean, enter_user_namespace, rights
from callgate.netns.rights import MARK, prepare


def may_make_namespaces(purpose: str) -> bool:
    """Whether namespaces can be made; if not, says that this purpose cannot be served.

    Gets into a user namespace where that is the way, and removes what dead owners left.
    """
    prepare()
    allowed, reason = rights()
    if allowed is Rights.USER_NAMESPACE and MARK not in os.environ:
        enter_user_namespace(sys.argv[1:], os.environ)
    if allowed is Rights.NONE:
        note(f"cannot {purpose} here: {reason}")
        return False
    clean()
    return True
