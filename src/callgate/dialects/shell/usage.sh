# Applies the Callgate rules that stand beside this script, and nothing else.
#
#   apply.sh                    apply now
#   apply.sh --confirm SECONDS  apply, and roll back by itself unless "apply.sh --keep"
#                               is run in time (also when the session is cut off)
#   apply.sh --keep             keep what waits for confirmation
#   apply.sh --check            only ask whether the kernel would take the rules
#   apply.sh --replace          standalone rules on a box that has rules of its own: theirs
#                               stay loaded, but our final block decides first
#   rollback.sh                 put back what was there before the last apply
#
# Applying twice is applying once. What was there before is kept in state/ beside this
# script. Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage.
set -eu
umask 077
