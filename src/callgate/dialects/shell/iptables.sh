# --- iptables and ip6tables, chains of our own ------------------------------------------
# IPTABLES=iptables-legacy (or iptables-nft) chooses the back end where there are two.
IPTABLES=${IPTABLES:-iptables}

tool() { if [ "$1" = 4 ]; then echo "$IPTABLES"; else echo "ip6${IPTABLES#ip}"; fi; }
rules_of() { echo "$(dirname -- "$0")/rules.v$1"; }
list() { "$(tool "$1")-save" -t filter; }

need_tools() {
	for family in $families; do
		command -v "$(tool "$family")-restore" >/dev/null ||
			die "$(tool "$family") is missing: install iptables"
		list "$family" >/dev/null || die "$(tool "$family") cannot read the table filter"
	done
}

# Rules that are neither in a chain of ours nor our jump.
others() { list "$1" | grep '^-A ' | grep -v -e '^-A CALLGATE' -e '-j CALLGATE'; }

require_place() {
	for family in $families; do
		if [ "$mode" = merge ]; then
			require_chain "$family"
		elif [ -z "$replace" ]; then
			! others "$family" >/dev/null || die "$(tool "$family") has rules of its own;" \
				"merge into them instead, or run again with --replace"
		fi
	done
}

require_chain() { # FAMILY
	"$(tool "$1")" -w -S "$chain" >/dev/null 2>&1 || die "$(tool "$1") has no chain $chain"
	count=$(others "$1" | awk -v chain="$chain" '$2 == chain' | wc -l)
	[ "$position" -le $((count + 1)) ] ||
		die "position $position is beyond the end of chain $chain, which has $count rules"
}

# The rules of ours that are live, as a restore file: chains, rules, jumps with their place.
ours() { # FAMILY
	list "$1" | awk '
		/^:CALLGATE/ { print $1 " - [0:0]" }
		/^-A / {
			place[$2]++
			if ($2 ~ /^CALLGATE/) rules[++count] = $0
			else if (/ --comment callgate -j CALLGATE/) {
				jump = $0
				sub(/^-A [^ ]+/, "-I " $2 " " place[$2], jump)
				jumps[++many] = jump
			}
		}
		END {
			for (i = 1; i <= count; i++) print rules[i]
			for (i = 1; i <= many; i++) print jumps[i]
		}'
}

# One transaction: what is ours out, FILE in.
transaction() { # FAMILY FILE
	echo '*filter'
	list "$1" | sed -n '/^-A CALLGATE/d; / --comment callgate -j CALLGATE/s/^-A /-D /p'
	list "$1" | sed -n 's/^:\(CALLGATE[^ ]*\) .*/-F \1/p'
	list "$1" | sed -n 's/^:\(CALLGATE[^ ]*\) .*/-X \1/p'
	grep -v -e '^#' -e '^\*filter$' -e '^COMMIT$' "$2" || :
	echo COMMIT
}

commit() { # FAMILY FILE [--test]
	transaction "$1" "$2" | "$(tool "$1")-restore" -w --noflush ${3:+"$3"}
}

load() { # [--test]
	for family in $families; do commit "$family" "$(rules_of "$family")" "$@" || return; done
}
check() { load --test; }
save_rules() { for family in $families; do cp "$(rules_of "$family")" "$1/"; done; }
snapshot() {
	echo "$IPTABLES" >"$1/backend"
	for family in $families; do ours "$family" >"$1/rules.v$family"; done
}
restore() {
	IPTABLES=$(cat "$1/backend")
	for family in $families; do commit "$family" "$1/rules.v$family" || return; done
}
