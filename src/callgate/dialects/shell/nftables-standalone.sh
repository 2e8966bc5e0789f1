# --- nftables, a table of our own -------------------------------------------------------
rules=$(dirname -- "$0")/callgate.nft

need_tools() {
	command -v nft >/dev/null || die "nft is missing: install nftables"
	nft list tables >/dev/null || die "nft cannot read the ruleset"
}

# Tables of others that filter at our hooks: what they drop stays dropped, and what our
# final block rejects never comes to them.
others() {
	nft -s list ruleset | awk -v hooks=" $hooks " '
		/^table / { table = $2 " " $3 }
		/^\tchain / { hooked = 0 }
		/^\t\ttype filter hook / {
			hooked = index(hooks, " " $4 " ") && table != "inet callgate"
			if (hooked && /policy drop;/) found[table] = 1
			next
		}
		/^\t\t/ && hooked && NF { found[table] = 1 }
		END { for (table in found) print table }' | sort
}

require_place() {
	[ -z "$replace" ] || return 0
	found=$(others | tr '\n' ',' | sed 's/,$//; s/,/, /g')
	[ -z "$found" ] || die "other tables filter here too: $found;" \
		"merge into yours instead, or run again with --replace"
}

check() { nft -c -f "$rules"; }
load() { nft -f "$rules"; }
save_rules() { cp "$rules" "$1/"; }

snapshot() {
	if nft list tables | grep -qx 'table inet callgate'; then
		nft -s list table inet callgate >"$1/callgate.nft"
	fi
}

restore() {
	{
		printf 'table inet callgate {}\ndelete table inet callgate\n'
		[ ! -e "$1/callgate.nft" ] || cat "$1/callgate.nft"
	} | nft -f -
}
