#!/bin/sh
# The whole story on one screen: which scenario fits, the files for each of them, and the
# proof that a real kernel lets through just that. The addresses are those set aside for
# documentation (RFC 5737, RFC 3849); nothing leaves this machine.
set -eu
cd "$(dirname "$0")/.."
callgate=.venv/bin/callgate
out=out

set -- --network turn-networks=203.0.113.0/24,2001:db8:3478::/48

echo "== plan: which scenario fits a site that opens UDP 3478 and TCP 443 =="
"$callgate" plan goto "$@" --allow udp/3478,tcp/443

echo "== generate: every dialect, every scenario =="
rm -rf "$out"
for scenario in unrestricted turn-udp turn-tcp-3478 turn-tcp-443; do
    for dialect in nftables iptables pac; do
        "$callgate" generate goto "$@" --scenario "$scenario" --dialect "$dialect" \
            --client 192.0.2.0/24 --client 2001:db8:1::/64 \
            --proxy 192.0.2.250:3128 --output-dir "$out/$scenario/$dialect"
    done
done
find "$out" -type f | sort

echo "== prove: load the rules in a namespace and send packets =="
status=0
"$callgate" prove goto || status=$?
if [ "$status" -eq 3 ]; then
    echo "not proved on this machine, for the reason above; the files are in $out/"
    status=0
fi
exit "$status"
