# --- levels: state/1, state/2 … hold what each apply that changed something found -------
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
state=$here/state

say() { printf 'callgate: %s\n' "$*" >&2; }
die() {
	say "$*"
	exit 1
}
usage() {
	say "$*"
	sed -n 's/^#  \( *[ar][a-z]*\.sh\)/\1/p' "$here/apply.sh" >&2
	exit 2
}

level() {
	top=0
	while [ -d "$state/$((top + 1))" ]; do top=$((top + 1)); done
	echo "$top"
}

# The same rules are live already when what we left at the top level is still there.
unchanged() { # LEVEL SNAPSHOT
	[ "$1" -gt 0 ] && diff -r "$state/$1/after" "$2" >/dev/null &&
		diff -r "$state/$1/rules" "$state/new/rules" >/dev/null
}

apply() {
	[ ! -e "$state/pending" ] ||
		die "an apply waits for confirmation: apply.sh --keep or rollback.sh first"
	rm -rf "$state/new"
	mkdir -p "$state/new/before" "$state/new/rules"
	snapshot "$state/new/before"
	save_rules "$state/new/rules"
	top=$(level)
	if unchanged "$top" "$state/new/before"; then
		rm -rf "$state/new"
		say "these rules are live already; nothing was changed"
		return
	fi
	top=$((top + 1))
	mv "$state/new" "$state/$top"
	[ -z "$seconds" ] || arm
	if ! load; then
		rm -f "$state/pending"
		roll_back
		die "the rules were not applied"
	fi
	mkdir "$state/$top/after"
	snapshot "$state/$top/after"
	say "applied"
	[ -z "$seconds" ] || say "rolls back in $seconds s unless you run: $here/apply.sh --keep"
}

# The timer is armed before the rules are loaded, in a session of its own: a connection
# that the rules cut cannot take it along.
arm() {
	echo "$$" >"$state/pending"
	detach='nohup'
	! command -v setsid >/dev/null || detach='setsid nohup'
	$detach sh "$here/apply.sh" --expire "$$" "$seconds" \
		</dev/null >"$state/confirm.log" 2>&1 &
}

# Whoever renames the token decides: keep, roll-back or the timer, and only one of them.
take_token() { mv "$state/pending" "$state/pending.$$" 2>/dev/null && rm "$state/pending.$$"; }

expire() { # TOKEN SECONDS
	sleep "$2"
	[ "$(cat "$state/pending" 2>/dev/null)" = "$1" ] || return 0
	take_token || return 0
	say "not confirmed in time"
	roll_back
}

roll_back() {
	top=$(level)
	[ "$top" -gt 0 ] || die "nothing to roll back: $state is empty"
	restore "$state/$top/before" || die "could not restore $state/$top/before"
	rm -rf "${state:?}/$top"
	say "rolled back"
}

action=apply
seconds=''
replace=''
while [ $# -gt 0 ]; do
	case $1 in
	--check | --keep | --rollback) action=${1#--} ;;
	--replace) replace=yes ;;
	--confirm)
		[ $# -gt 1 ] || usage "--confirm needs a number of seconds"
		seconds=$2
		shift
		;;
	--expire)
		[ $# -eq 3 ] || usage "--expire is for this script's own use"
		expire "$2" "$3"
		exit
		;;
	-h | --help)
		sed -n '/^# Applies/,/^# script\./s/^# \{0,1\}//p' "$here/apply.sh"
		exit
		;;
	*) usage "unknown option: $1" ;;
	esac
	shift
done
case $seconds in
*[!0-9]* | 0*) usage "not a number of seconds: $seconds" ;;
esac
[ "$(id -u)" -eq 0 ] || die "must run as root"
need_tools

case $action in
apply)
	require_place
	check || die "the kernel does not take these rules; nothing was changed"
	apply
	;;
check)
	require_place
	check || die "the kernel does not take these rules; nothing was changed"
	say "the rules are fine; nothing was changed"
	;;
keep)
	take_token || die "nothing waits for confirmation"
	say "kept"
	;;
rollback)
	take_token || :
	roll_back
	;;
esac
