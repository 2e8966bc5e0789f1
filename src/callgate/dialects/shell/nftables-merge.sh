# --- nftables, our chain and sets inside the site's table -------------------------------
rules=$(dirname -- "$0")/callgate.nft

need_tools() {
	command -v nft >/dev/null || die "nft is missing: install nftables"
	nft list tables >/dev/null || die "nft cannot read the ruleset"
}

require_place() {
	nft list chain "$family" "$table" "$chain" >/dev/null 2>&1 ||
		die "your ruleset has no chain $chain in table $family $table"
	count=$(their_handles | wc -l)
	[ "$position" -le $((count + 1)) ] ||
		die "position $position is beyond the end of chain $chain, which has $count rules"
	[ -z "$replace" ] || say "--replace means nothing in a merge: yours are left as they are"
}

# One rule a line: its handle and whether it is our jump.
handles() {
	nft -a list chain "$family" "$table" "$chain" | awk '
		/^\t\t.*# handle [0-9]+$/ {
			print $NF, /^\t\tjump callgate comment "callgate" # handle/ ? "ours" : "theirs"
		}'
}
their_handles() { handles | sed -n 's/ theirs$//p'; }
our_handles() { handles | sed -n 's/ ours$//p'; }
our_position() { handles | grep -n ' ours$' | sed 's/:.*//;q'; }

our_sets() {
	nft -t list table "$family" "$table" | awk '/^\tset callgate_/ { print $2 }'
}
have_chain() { nft list chain "$family" "$table" callgate >/dev/null 2>&1; }

# One transaction: what is ours out, FILE in, our jump at POSITION (empty: no jump).
transaction() { # FILE POSITION
	if have_chain; then
		echo "flush chain $family $table callgate"
		our_sets | sed "s|^|delete set $family $table |"
		our_handles | sed "s|^|delete rule $family $table $chain handle |"
		echo "delete chain $family $table callgate"
	fi
	[ ! -e "$1" ] || cat "$1"
	[ -n "$2" ] || return 0
	before=$(their_handles | sed -n "${2}p")
	if [ -n "$before" ]; then
		echo "insert rule $family $table $chain handle $before jump callgate comment \"callgate\""
	else
		echo "add rule $family $table $chain jump callgate comment \"callgate\""
	fi
}

check() { transaction "$rules" "$position" | nft -c -f -; }
load() { transaction "$rules" "$position" | nft -f -; }
save_rules() {
	cp "$rules" "$1/"
	echo "$position" >"$1/position"
}

snapshot() {
	have_chain || return 0
	{
		for set in $(our_sets); do nft -s list set "$family" "$table" "$set"; done
		nft -s list chain "$family" "$table" callgate
	} >"$1/callgate.nft"
	our_position >"$1/position"
}

restore() {
	if [ -e "$1/position" ]; then
		transaction "$1/callgate.nft" "$(cat "$1/position")" | nft -f -
	else
		transaction "$1/callgate.nft" '' | nft -f -
	fi
}
