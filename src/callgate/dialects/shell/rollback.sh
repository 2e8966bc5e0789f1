# Puts back what was there before the last apply.sh; run again, the one before that.
set -eu
exec sh "$(dirname -- "$0")/apply.sh" --rollback
